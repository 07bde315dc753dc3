// SPDX-License-Identifier: Apache-2.0
#pragma once

// The bytes an edit changes, document by document: what goes is struck out, what comes is underlined, colour only adds
// to that. Long documents are compared off the window's thread, and what differs comes in slices.

#include "document/edit.h"
#include "items/bytediff.h"
#include "widgets/common/slices.h"

#include <QFutureWatcher>
#include <QTextCharFormat>
#include <QThreadPool>
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
    void showBlocks(const QList<items::DiffBlock> &blocks);
    void insert(const items::DiffBlock &block);
    void forget();

    QList<Document> m_documents;
    QFutureWatcher<QList<items::DiffBlock>> *m_comparing = nullptr;
    QThreadPool m_pool; // not everybody's: Qt paints with that one, and a picture would wait for the comparison
    Slices m_slices;
    QTextCharFormat m_formats[4]; // by DiffBlock::Kind
    int m_firstChange = -1;       // where it stands in the text
    QComboBox *m_choice;
    QLabel *m_count;
    QPlainTextEdit *m_text;
};

} // namespace colophon::widgets
