// SPDX-License-Identifier: Apache-2.0
#pragma once

// The bar at the top: back and forward, the reference field with what was opened before, the platform choice, Open, and
// the menu.

#include "content/connector.h"
#include "oci/platform.h"

#include <QWidget>

#include <functional>
#include <optional>

class QAction;
class QComboBox;
class QLineEdit;
class QMenu;
class QPushButton;
class QToolButton;

namespace colophon::widgets {

class ReferenceBar : public QWidget
{
    Q_OBJECT
public:
    explicit ReferenceBar(QWidget *parent = nullptr);

    // Who knows what short names stand for; without one they are Docker's.
    using Reader = std::function<base::Result<content::NamedImage>(const QString &typed)>;
    void setReader(Reader reader);
    // Who knows which registries are used without encryption.
    void setInClear(std::function<bool(const QString &registry)> isInClear) { m_isInClear = std::move(isInClear); }
    void setNavigation(QAction *back, QAction *forward);
    void setMenu(QMenu *menu);
    // What was opened before, newest first: for completion and the list.
    void setRecents(const QStringList &references);
    void setReference(const oci::Reference &reference);
    QString text() const;
    // What the platform choice offers; with fewer than two there is nothing to choose.
    void setPlatforms(const QList<oci::Platform> &platforms);
    QList<oci::Platform> chosenPlatforms() const; // empty: all
    QComboBox *platformChoice() const { return m_platforms; }
    QLineEdit *field() const;

public Q_SLOTS:
    void focusField();
    void submit();
    void showBadge(); // anew: a registry may be used without encryption from now on

Q_SIGNALS:
    // What a short name is taken for, before it is opened, in a sentence.
    void understood(const colophon::oci::Reference &reference, const QString &remark);
    void openRequested(const colophon::oci::Reference &reference);
    // What was typed is no reference, and why.
    void refused(const colophon::base::Error &error);
    void platformsChosen();

protected:
    void changeEvent(QEvent *event) override;

private:
    void submitOnce();
    void showText(const QString &reference);

    Reader m_reader;
    std::function<bool(const QString &)> m_isInClear;
    QToolButton *m_back;
    QToolButton *m_forward;
    QComboBox *m_field;
    QAction *m_badge;
    QComboBox *m_platforms;
    QPushButton *m_open;
    QToolButton *m_menu;
    QList<oci::Platform> m_offered;
    std::optional<QString> m_submitted; // in this turn of the event loop
};

} // namespace colophon::widgets
