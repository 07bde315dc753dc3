// SPDX-License-Identifier: Apache-2.0
#pragma once

// The bytes an edit changes, document by document: what goes is struck out, what comes is underlined, colour only adds
// to that.

#include "document/edit.h"
#include "items/bytediff.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPlainTextEdit;

namespace colophon::widgets {

class DiffView : public QWidget
{
    Q_OBJECT
public:
    explicit DiffView(QWidget *parent = nullptr);
    void setChanges(const document::ImageTree &original, const document::DerivedImage &derived);
    QComboBox *choice() const { return m_choice; }
    QString text() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Document
    {
        QByteArray before;
        QByteArray after;
    };
    void showDocument(int number);

    QList<Document> m_documents;
    QComboBox *m_choice;
    QLabel *m_count;
    QPlainTextEdit *m_text;
};

} // namespace colophon::widgets
