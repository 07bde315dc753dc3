// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/changebar.h"

#include "editing/imagedocument.h"
#include "items/editwords.h"
#include "widgets/common/plain.h"
#include "widgets/common/symbols.h"
#include "widgets/window/windowactions.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace colophon::widgets {

namespace {
QPushButton *buttonFor(QAction *action, const QString &word, items::Symbol symbol, QWidget *parent)
{
    auto *button = new QPushButton(symbolIcon(symbol), word, parent);
    const auto follow = [button, action] {
        button->setEnabled(action->isEnabled());
        button->setToolTip(action->toolTip());
    };
    // As wide as its word: at the window's smallest size every pixel is needed.
    button->setFixedWidth(button->iconSize().width() + button->fontMetrics().horizontalAdvance(word) + 20);
    QObject::connect(action, &QAction::changed, button, follow);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    follow();
    return button;
}
} // namespace

ChangeBar::ChangeBar(const WindowActions &actions, QWidget *parent)
    : QFrame(parent)
    , m_count(new ElidedLabel(this))
    , m_digests(selectableLabel({}, this))
    , m_findings(new Badge(this))
    , m_signature(new Badge(this))
    , m_review(new QPushButton(symbolIcon(items::Symbol::Push), actions.review->text(), this))
{
    setObjectName(QStringLiteral("changeBar"));
    setAccessibleName(tr("Edits"));
    QFont bold = m_count->font();
    bold.setBold(true);
    m_count->setFont(bold);
    m_count->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed); // the digests stand whole
    m_digests->setFont(fixedFont());
    m_digests->setWordWrap(false);
    QPushButton *undo = buttonFor(actions.undo, tr("Undo"), items::Symbol::Undo, this);
    QPushButton *redo = buttonFor(actions.redo, tr("Redo"), items::Symbol::Redo, this);
    m_review->setDefault(true);
    m_review->setToolTip(actions.review->toolTip());
    connect(m_review, &QPushButton::clicked, actions.review, &QAction::trigger);
    connect(actions.review, &QAction::changed, m_review,
            [this, action = actions.review] { m_review->setEnabled(action->isEnabled()); });

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 8, 8, 8);
    row->setSpacing(8);
    row->addWidget(m_count);
    row->addWidget(m_digests);
    row->addWidget(m_findings);
    row->addWidget(m_signature);
    row->addWidget(undo, 1, Qt::AlignRight);
    row->addWidget(redo);
    row->addWidget(m_review);
    m_signature->setAppearance({});
    hide();
}

void ChangeBar::show(editing::ImageDocument *document)
{
    const bool worth = document && (document->isEdited() || document->undoStack()->count() > 0);
    setVisible(worth);
    if (!worth)
        return;
    const oci::Descriptor before = document->original().root().descriptor;
    const oci::Descriptor after = document->tree().root().descriptor;
    m_count->setFullText(items::editsInWords(*document));
    setPlainText(m_digests, document->isEdited()
                                ? QStringLiteral("%1 → %2").arg(before.digest.shortForm(), after.digest.shortForm())
                                : before.digest.shortForm());
    setPlainToolTip(m_digests, document->isEdited()
                                   ? tr("Before: %1\nAfter: %2").arg(before.digest.toString(), after.digest.toString())
                                   : before.digest.toString());
    using Severity = document::Finding::Severity;
    Severity worst = Severity::Inform;
    int findings = 0;
    for (const document::Finding &finding : document->findings()) {
        worst = std::max(worst, finding.severity);
        findings += finding.severity != Severity::Inform ? 1 : 0;
    }
    items::Appearance appearance = items::appearanceOf(worst);
    appearance.word = findings == 0 ? QString() : findings == 1 ? tr("1 finding") : tr("%1 findings").arg(findings);
    m_findings->setAppearance(appearance);
}

void ChangeBar::setSignature(const items::Appearance &appearance) { m_signature->setAppearance(appearance); }

QString ChangeBar::signatureText() const { return m_signature->appearance().word; }

QString ChangeBar::text() const { return m_count->fullText() + QLatin1Char(' ') + m_digests->text(); }

} // namespace colophon::widgets
