// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which clients and registries a vendor's customers use: those whose consequences are shown.

#include "behaviour/consequences.h"

#include <QDialog>

class QListWidget;
class QPushButton;

namespace colophon::widgets {

class ClientsDialog : public QDialog
{
    Q_OBJECT
public:
    ClientsDialog(const behaviour::Knowledge &knowledge, const QList<behaviour::Line> &chosen,
                  QWidget *parent = nullptr);
    QListWidget *list() const { return m_list; }

Q_SIGNALS:
    void chosen(const QStringList &ids); // empty: the usual ones

private:
    void choose(const QStringList &ids);
    QStringList checkedIds() const;
    void update();

    QStringList m_usual;
    QListWidget *m_list;
    QPushButton *m_ok;
};

// The clients, then the registries, that somebody who has chosen none is told of: registries are looked at where one
// pushes to them.
QList<behaviour::Line> usualLines(const behaviour::Knowledge &knowledge);
// Those with these ids, or the usual ones where none is left.
QList<behaviour::Line> chosenLines(const behaviour::Knowledge &knowledge, const QStringList &ids);

} // namespace colophon::widgets
