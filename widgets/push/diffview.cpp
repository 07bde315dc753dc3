// SPDX-License-Identifier: Apache-2.0
#include "widgets/push/diffview.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "items/findingsmodel.h"
#include "widgets/common/plain.h"
#include "widgets/common/tones.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPromise>
#include <QSignalBlocker>
#include <QTextBlock>
#include <QVBoxLayout>

namespace colophon::widgets {

using Kind = items::DiffBlock::Kind;

namespace {
constexpr qsizetype shortDocument = 64 * base::limits::KiB; // bytes that are compared in no time
constexpr int longestLine = 2000;                           // characters
constexpr qsizetype slice = 100;                            // blocks: a few milliseconds
constexpr qsizetype sliceBytes = 64 * base::limits::KiB;    // in them

QString shown(const QByteArray &bytes)
{
    QStringList lines = QString::fromUtf8(bytes).split(QLatin1Char('\n'));
    for (QString &line : lines) {
        if (line.endsWith(QLatin1Char('\r')))
            line.chop(1);
        line = base::visible(line.replace(QLatin1Char('\t'), QLatin1String("    ")), 1 << 20);
    }
    return lines.join(QLatin1Char('\n'));
}

// A view lays out a line as a whole, so that one of megabytes would not end.
QString broken(QString text)
{
    qsizetype begin = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text.at(i) == QLatin1Char('\n')) {
            begin = i + 1;
        } else if (i - begin >= longestLine && !text.at(i).isLowSurrogate()) {
            text.insert(i, QLatin1Char('\n'));
            begin = i + 1;
        }
    }
    return text;
}
} // namespace

DiffView::DiffView(QWidget *parent)
    : QWidget(parent)
    , m_choice(new QComboBox(this))
    , m_count(plainLabel({}, this))
    , m_text(new QPlainTextEdit(this))
{
    m_pool.setMaxThreadCount(1);
    m_choice->setAccessibleName(tr("Changed document"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_choice->setMinimumContentsLength(12);
    m_count->setForegroundRole(QPalette::PlaceholderText);
    m_count->setWordWrap(false);
    m_text->setReadOnly(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setAccessibleName(tr("Changed bytes"));
    m_text->setFont(fixedFont());
    m_text->setWordWrapMode(QTextOption::WrapAnywhere);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->document()->setDocumentMargin(16);
    m_text->setUndoRedoEnabled(false);

    auto *head = new QHBoxLayout;
    head->setContentsMargins(16, 8, 16, 8);
    head->setSpacing(16);
    head->addWidget(m_choice, 1);
    head->addWidget(m_count);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_text, 1);
    connect(m_choice, &QComboBox::currentIndexChanged, this, &DiffView::showDocument);
}

void DiffView::setChanges(const document::ImageTree &original, const document::DerivedImage &derived)
{
    const QSignalBlocker filled(m_choice); // or each item would be shown as it comes
    m_documents.clear();
    m_choice->clear();
    for (const document::Change &change : derived.changes) {
        const document::ImageNode *before = original.node(change.path);
        const document::ImageNode *after = derived.tree.node(change.path);
        if (!before || !after)
            continue;
        m_documents.append({before->bytes(), after->bytes()});
        m_choice->addItem(items::placeInWords(original, change.path));
    }
    m_choice->setEnabled(m_documents.size() > 1);
    m_choice->setCurrentIndex(m_documents.isEmpty() ? -1 : 0);
    showDocument(m_choice->currentIndex());
}

QString DiffView::text() const { return m_text->toPlainText(); }

void DiffView::forget()
{
    m_slices.stop();
    m_pool.clear();
    if (m_comparing) {
        m_comparing->disconnect(this);
        m_comparing->deleteLater();
        m_comparing = nullptr;
    }
}

void DiffView::showDocument(int number)
{
    forget();
    m_text->clear();
    m_count->clear();
    if (number < 0 || number >= m_documents.size())
        return;
    const auto compare = [document = m_documents.at(number)] {
        return items::withContext(items::byteDiff(document.before, document.after));
    };
    if (m_documents.at(number).after.size() <= shortDocument) {
        showBlocks(compare());
        return;
    }
    setPlainText(m_count, tr("Comparing…"));
    m_comparing = new QFutureWatcher<QList<items::DiffBlock>>(this);
    connect(m_comparing, &QFutureWatcherBase::finished, this, [this] {
        const QList<items::DiffBlock> blocks = m_comparing->result();
        forget();
        showBlocks(blocks);
    });
    auto promise = std::make_shared<QPromise<QList<items::DiffBlock>>>();
    m_comparing->setFuture(promise->future());
    promise->start();
    m_pool.start([promise, compare] {
        promise->addResult(compare());
        promise->finish();
    });
}

void DiffView::showBlocks(const QList<items::DiffBlock> &blocks)
{
    const ToneColors gone = colorsOf(items::Tone::Error, palette());
    const ToneColors come = colorsOf(items::Tone::Good, palette());
    QTextCharFormat &removed = m_formats[int(Kind::Removed)];
    removed.setForeground(gone.text);
    removed.setBackground(gone.background);
    removed.setFontStrikeOut(true);
    QTextCharFormat &added = m_formats[int(Kind::Added)];
    added.setForeground(come.text);
    added.setBackground(come.background);
    added.setFontUnderline(true);
    m_formats[int(Kind::Same)].setForeground(palette().color(QPalette::Text));
    m_formats[int(Kind::Skipped)].setForeground(palette().color(QPalette::PlaceholderText));

    qsizetype bytes[4] = {};
    for (const items::DiffBlock &block : blocks)
        bytes[int(block.kind)] += block.bytes.size();
    setPlainText(m_count, tr("%1 bytes removed, %2 added").arg(bytes[int(Kind::Removed)]).arg(bytes[int(Kind::Added)]));
    m_firstChange = -1;
    m_slices.run([this, blocks, next = qsizetype(0)]() mutable {
        const qsizetype first = next;
        QTextCursor whole(m_text->document()); // laid out once a slice
        whole.beginEditBlock();
        for (qsizetype size = 0; next < blocks.size() && next < first + slice && size < sliceBytes; ++next) {
            insert(blocks.at(next));
            size += blocks.at(next).kind == Kind::Skipped ? 0 : blocks.at(next).bytes.size();
        }
        whole.endEditBlock();
        if (first == 0) {
            QTextCursor cursor(m_text->document());
            cursor.setPosition(std::max(0, m_firstChange));
            m_text->setTextCursor(cursor);
        }
        return next < blocks.size();
    });
}

void DiffView::insert(const items::DiffBlock &block)
{
    QTextCursor cursor(m_text->document());
    cursor.movePosition(QTextCursor::End);
    if (m_firstChange < 0 && (block.kind == Kind::Removed || block.kind == Kind::Added))
        m_firstChange = cursor.position();
    QString text = cursor.positionInBlock() >= longestLine ? QStringLiteral("\n") : QString();
    if (block.kind == Kind::Skipped) {
        const bool midLine = cursor.positionInBlock() > 0;
        text = (midLine ? QStringLiteral("\n") : QString()) + tr("⋯ %1 bytes the same ⋯").arg(block.bytes.size()) +
               QLatin1Char('\n');
    } else {
        text += broken(shown(block.bytes));
    }
    cursor.insertText(text, m_formats[int(block.kind)]);
}

void DiffView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        showDocument(m_choice->currentIndex());
    QWidget::changeEvent(event);
}

} // namespace colophon::widgets
