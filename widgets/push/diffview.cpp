// SPDX-License-Identifier: Apache-2.0
#include "widgets/push/diffview.h"

#include "base/plaintext.h"
#include "items/findingsmodel.h"
#include "widgets/common/plain.h"
#include "widgets/common/tones.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTextBlock>
#include <QVBoxLayout>

namespace colophon::widgets {

namespace {
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
} // namespace

DiffView::DiffView(QWidget *parent)
    : QWidget(parent)
    , m_choice(new QComboBox(this))
    , m_count(plainLabel({}, this))
    , m_text(new QPlainTextEdit(this))
{
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

void DiffView::showDocument(int number)
{
    m_text->clear();
    m_count->clear();
    if (number < 0 || number >= m_documents.size())
        return;
    const auto &[before, after] = m_documents.at(number);
    const QList<items::DiffBlock> blocks = items::withContext(items::byteDiff(before, after));
    const ToneColors gone = colorsOf(items::Tone::Error, palette());
    const ToneColors come = colorsOf(items::Tone::Good, palette());
    QTextCharFormat same;
    same.setForeground(palette().color(QPalette::Text));
    QTextCharFormat removed;
    removed.setForeground(gone.text);
    removed.setBackground(gone.background);
    removed.setFontStrikeOut(true);
    QTextCharFormat added;
    added.setForeground(come.text);
    added.setBackground(come.background);
    added.setFontUnderline(true);
    QTextCharFormat skipped;
    skipped.setForeground(palette().color(QPalette::PlaceholderText));

    qsizetype removedBytes = 0;
    qsizetype addedBytes = 0;
    QTextCursor cursor(m_text->document());
    cursor.beginEditBlock();
    int firstChange = -1;
    for (const items::DiffBlock &block : blocks) {
        using Kind = items::DiffBlock::Kind;
        switch (block.kind) {
        case Kind::Same:
            cursor.insertText(shown(block.bytes), same);
            break;
        case Kind::Skipped: {
            const QString gap = tr("⋯ %1 bytes the same ⋯").arg(block.bytes.size());
            const bool midLine = cursor.positionInBlock() > 0;
            cursor.insertText((midLine ? QStringLiteral("\n") : QString()) + gap + QLatin1Char('\n'), skipped);
            break;
        }
        case Kind::Removed:
            removedBytes += block.bytes.size();
            firstChange = firstChange < 0 ? cursor.position() : firstChange;
            cursor.insertText(shown(block.bytes), removed);
            break;
        case Kind::Added:
            addedBytes += block.bytes.size();
            firstChange = firstChange < 0 ? cursor.position() : firstChange;
            cursor.insertText(shown(block.bytes), added);
            break;
        }
    }
    cursor.endEditBlock();
    cursor.setPosition(std::max(0, firstChange));
    m_text->setTextCursor(cursor);
    setPlainText(m_count, tr("%1 bytes removed, %2 added").arg(removedBytes).arg(addedBytes));
}

void DiffView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        showDocument(m_choice->currentIndex());
    QWidget::changeEvent(event);
}

} // namespace colophon::widgets
