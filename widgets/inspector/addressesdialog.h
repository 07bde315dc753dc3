// SPDX-License-Identifier: Apache-2.0
#pragma once

// Addresses for one layer or many at once: templates on lines of their own, what they give each layer shown below, and
// nothing changed until they are good.

#include "items/addresses.h"
#include "items/marking.h"

#include <QDialog>
#include <QPointer>

class QCheckBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTreeView;

namespace colophon::widgets {

class AddressesDialog : public QDialog
{
    Q_OBJECT
public:
    // `lastUsed`: the templates of the last time; offered where the layers have no addresses of their own in common.
    AddressesDialog(editing::ImageDocument *document, const document::Selection &selection, const QStringList &lastUsed,
                    const items::AddressOf &addressOf, QWidget *parent = nullptr);

    QPlainTextEdit *templates() const { return m_templates; }
    QCheckBox *keepPresent() const { return m_keep; }
    QPushButton *setButton() const { return m_set; }
    items::AddressPreview *preview() const { return m_preview; }
    QString problem() const; // why it cannot be set yet; empty: it can

    void accept() override;

Q_SIGNALS:
    // They are set: what was typed, for the next time, and what happened.
    void addressesSet(const QStringList &templates, const QString &inWords);

private:
    QWidget *buildTemplates();
    void judge();
    items::AddressTemplates typed() const;
    QStringList firstTemplates(const QStringList &lastUsed, const items::AddressOf &addressOf) const;

    QPointer<editing::ImageDocument> m_document;
    document::Selection m_selection;
    items::AddressPreview *m_preview;
    QPlainTextEdit *m_templates;
    QCheckBox *m_keep;
    QLabel *m_problem;
    QTreeView *m_view;
    QLabel *m_more;
    QPushButton *m_set;
};

} // namespace colophon::widgets
