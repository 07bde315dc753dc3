// SPDX-License-Identifier: Apache-2.0
#include "widgets/connect/referencebar.h"

#include "items/appearance.h"
#include "widgets/common/plain.h"
#include "widgets/common/symbols.h"

#include <QAction>
#include <QComboBox>
#include <QCompleter>
#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>

namespace colophon::widgets {

ReferenceBar::ReferenceBar(QWidget *parent)
    : QWidget(parent)
    , m_reader(content::namedAsTyped)
    , m_back(symbolButton(items::Symbol::Back, tr("Back"), this))
    , m_forward(symbolButton(items::Symbol::Forward, tr("Forward"), this))
    , m_field(new QComboBox(this))
    , m_badge(new QAction(this))
    , m_platforms(new QComboBox(this))
    , m_open(new QPushButton(tr("&Open"), this))
    , m_menu(new QToolButton(this))
{
    m_field->setEditable(true);
    m_field->setInsertPolicy(QComboBox::NoInsert);
    m_field->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_field->setMinimumContentsLength(24);
    m_field->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_field->setAccessibleName(tr("Image reference"));
    m_field->setMaxVisibleItems(12);
    auto *line = m_field->lineEdit();
    line->setObjectName(QStringLiteral("reference"));
    line->setAccessibleName(tr("Image reference"));
    line->setPlaceholderText(tr("registry/repository:tag, e.g. registry.example/vendor/app:1.4"));
    line->setClearButtonEnabled(false);
    line->addAction(m_badge, QLineEdit::LeadingPosition);
    m_field->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_field->completer()->setFilterMode(Qt::MatchContains);
    m_field->completer()->setCaseSensitivity(Qt::CaseInsensitive);

    m_platforms->setObjectName(QStringLiteral("platforms"));
    m_platforms->setAccessibleName(tr("Platforms shown"));
    m_platforms->setToolTip(tr("Which platforms of the image are shown"));
    m_platforms->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_platforms->setMinimumContentsLength(16);
    m_open->setObjectName(QStringLiteral("open"));
    m_open->setToolTip(tr("Read this image (Return)"));
    m_menu->setObjectName(QStringLiteral("menu"));
    m_menu->setText(QStringLiteral("☰"));
    m_menu->setToolTip(tr("Menu"));
    m_menu->setAccessibleName(tr("Menu"));
    m_menu->setAutoRaise(true);
    m_menu->setFocusPolicy(Qt::TabFocus);

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 8, 8, 8);
    row->setSpacing(8);
    auto *navigation = new QHBoxLayout;
    navigation->setSpacing(0);
    navigation->addWidget(m_back);
    navigation->addWidget(m_forward);
    row->addLayout(navigation);
    row->addWidget(m_field, 1);
    row->addWidget(m_platforms);
    row->addWidget(m_open);
    row->addWidget(m_menu);

    connect(line, &QLineEdit::textChanged, this, &ReferenceBar::showBadge);
    connect(line, &QLineEdit::returnPressed, this, &ReferenceBar::submitOnce);
    connect(m_field, &QComboBox::activated, this, &ReferenceBar::submitOnce);
    connect(m_open, &QPushButton::clicked, this, &ReferenceBar::submit);
    connect(m_platforms, &QComboBox::activated, this, &ReferenceBar::platformsChosen);
    setPlatforms({});
    showBadge();
}

void ReferenceBar::setReader(Reader reader) { m_reader = std::move(reader); }

QLineEdit *ReferenceBar::field() const { return m_field->lineEdit(); }

void ReferenceBar::setNavigation(QAction *back, QAction *forward)
{
    const auto follow = [](QToolButton *button, QAction *action) {
        const auto update = [button, action] { button->setEnabled(action->isEnabled()); };
        connect(action, &QAction::changed, button, update);
        connect(button, &QToolButton::clicked, action, &QAction::trigger);
        button->setToolTip(action->toolTip());
        update();
    };
    follow(m_back, back);
    follow(m_forward, forward);
}

void ReferenceBar::setMenu(QMenu *menu)
{
    // Not QToolButton's own menu: its arrow says less than the three lines and takes their place.
    connect(m_menu, &QToolButton::clicked, menu, [this, menu] {
        menu->popup(m_menu->mapToGlobal(QPoint(m_menu->width() - menu->sizeHint().width(), m_menu->height())));
    });
}

void ReferenceBar::setRecents(const QStringList &references)
{
    const QString typed = text();
    const QSignalBlocker quiet(m_field);
    m_field->clear();
    for (const QString &reference : references)
        m_field->addItem(items::oneLine(reference));
    showText(typed);
}

// Where the text is one of the list but not the chosen one, a QComboBox takes losing the focus for a choice: and the
// image would be opened again.
void ReferenceBar::showText(const QString &reference)
{
    const QSignalBlocker quiet(m_field);
    m_field->setCurrentIndex(m_field->findText(reference));
    m_field->setEditText(reference);
    showBadge();
}

void ReferenceBar::setReference(const oci::Reference &reference)
{
    showText(reference.isNull() ? QString() : reference.toString());
    field()->setCursorPosition(0);
}

QString ReferenceBar::text() const { return m_field->currentText(); }

void ReferenceBar::setPlatforms(const QList<oci::Platform> &platforms)
{
    const QList<oci::Platform> chosen = chosenPlatforms();
    m_offered = platforms;
    m_platforms->clear();
    m_platforms->addItem(tr("All platforms"));
    for (const oci::Platform &platform : platforms)
        m_platforms->addItem(items::oneLine(platform.toString(), 60));
    m_platforms->setEnabled(platforms.size() > 1);
    if (!chosen.isEmpty())
        m_platforms->setCurrentIndex(std::max(0, static_cast<int>(platforms.indexOf(chosen.constFirst())) + 1));
}

QList<oci::Platform> ReferenceBar::chosenPlatforms() const
{
    const int chosen = m_platforms->currentIndex();
    if (chosen < 1 || chosen > m_offered.size())
        return {};
    return {m_offered.at(chosen - 1)};
}

void ReferenceBar::focusField()
{
    field()->setFocus(Qt::ShortcutFocusReason);
    field()->selectAll();
}

void ReferenceBar::submit()
{
    const auto named = m_reader(text());
    if (named) {
        if (!named->remark.isEmpty())
            Q_EMIT understood(named->reference, named->remark);
        Q_EMIT openRequested(named->reference);
    } else {
        Q_EMIT refused(named.error().withOperation(tr("read the reference")));
    }
}

void ReferenceBar::submitOnce()
{
    // One Return reaches an editable QComboBox's field twice: by itself, and handed back by the box.
    if (m_submitted == text())
        return;
    m_submitted = text();
    QMetaObject::invokeMethod(this, [this] { m_submitted.reset(); }, Qt::QueuedConnection);
    submit();
}

void ReferenceBar::showBadge()
{
    const auto reference = oci::Reference::parsePasted(text());
    const bool isHere = reference && reference->isLoopback();
    const bool isInClear = !isHere && reference && m_isInClear && m_isInClear(reference->registry());
    m_badge->setIcon(symbolIcon(isHere || isInClear ? items::Symbol::Unlock : items::Symbol::Lock,
                                isInClear ? items::Tone::Warning : items::Tone::Muted));
    m_badge->setToolTip(isHere      ? tr("This computer: plain http is allowed here")
                        : isInClear ? tr("Not encrypted: plain http is allowed for this registry")
                                    : tr("Encrypted (https): no other connection is made"));
}

void ReferenceBar::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        showBadge();
    QWidget::changeEvent(event);
}

} // namespace colophon::widgets
