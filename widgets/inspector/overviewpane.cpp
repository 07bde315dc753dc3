// SPDX-License-Identifier: Apache-2.0
#include "widgets/inspector/overviewpane.h"

#include "items/appearance.h"
#include "items/layersmodel.h"
#include "items/urlsmodel.h"
#include "widgets/common/plain.h"
#include "widgets/common/symbols.h"
#include "widgets/inspector/findingspane.h"

#include <QButtonGroup>
#include <QFormLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QRadioButton>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace colophon::widgets {

OverviewPane::OverviewPane(QWidget *parent)
    : QScrollArea(parent)
    , m_urls(new items::UrlsModel(this))
    , m_marking(new QGroupBox(tr("Marking")))
    , m_distributable(new QRadioButton(tr("D&istributable")))
    , m_nonDistributable(new QRadioButton(tr("No&n-distributable")))
    , m_badge(new Badge)
    , m_markingNote(plainLabel())
    , m_mend(new QPushButton(tr("&Mend")))
    , m_addressBox(new QGroupBox(tr("Addresses (urls)")))
    , m_addresses(new QTreeView)
    , m_add(new QPushButton(symbolIcon(items::Symbol::Add), tr("&Add")))
    , m_remove(symbolButton(items::Symbol::Remove, tr("Remove the address")))
    , m_template(new QPushButton(tr("Temp&late…")))
    , m_probe(new QPushButton(symbolIcon(items::Symbol::Probe), tr("&Probe")))
    , m_verify(new QPushButton(tr("&Verify content")))
    , m_up(symbolButton(items::Symbol::Up, tr("Move the address up")))
    , m_down(symbolButton(items::Symbol::Down, tr("Move the address down")))
    , m_addressNote(plainLabel())
    , m_wholeAddress(new ValueLabel)
    , m_answer(plainLabel())
    , m_facts(new QWidget)
    , m_form(nullptr)
    , m_signature(new QGroupBox(tr("Signatures")))
    , m_signatureBadge(new Badge)
    , m_signatureText(selectableLabel())
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    buildMarking();
    buildAddresses();
    buildSignature();
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(8);
    column->addWidget(m_marking);
    column->addWidget(m_addressBox);
    column->addWidget(m_signature);
    column->addWidget(m_facts);
    column->addStretch(1);
    auto *facts = new QVBoxLayout(m_facts);
    facts->setContentsMargins(0, 0, 0, 0);
    setWidget(content);
    showNode(nullptr, {});
}

void OverviewPane::buildMarking()
{
    auto *group = new QButtonGroup(this);
    group->addButton(m_distributable);
    group->addButton(m_nonDistributable);
    setPlainToolTip(m_nonDistributable, items::appearanceOf(oci::Marking::NonDistributable).help);
    setPlainToolTip(m_distributable, items::appearanceOf(oci::Marking::Distributable).help);
    auto *choices = new QHBoxLayout;
    choices->setSpacing(16);
    choices->addWidget(m_distributable);
    choices->addWidget(m_nonDistributable);
    choices->addStretch(1);
    auto *column = new QVBoxLayout(m_marking);
    column->setSpacing(8);
    column->addLayout(choices);
    column->addWidget(m_badge);
    column->addWidget(m_markingNote);
    column->addWidget(m_mend, 0, Qt::AlignLeft);
    setPlainToolTip(m_mend, tr("Mends it with one edit that can be undone"));
    connect(m_mend, &QPushButton::clicked, this, [this] { Q_EMIT repairRequested(repair()); });
    connect(m_distributable, &QRadioButton::clicked, this, [this] { mark(false); });
    connect(m_nonDistributable, &QRadioButton::clicked, this, [this] { mark(true); });
}

void OverviewPane::buildSignature()
{
    auto *column = new QVBoxLayout(m_signature);
    column->setSpacing(8);
    column->addWidget(m_signatureBadge);
    column->addWidget(m_signatureText);
}

void OverviewPane::showNode(editing::ImageDocument *document, const document::NodePath &path)
{
    const bool moved = document != m_document || path != m_path;
    m_document = document;
    m_path = path;
    m_urls->setLayer(document, path);
    showMarking();
    showSignature();
    showFacts();
    updateButtons();
    if (moved)
        ensureVisible(0, 0);
}

void OverviewPane::showMarking()
{
    const auto layer = m_document && m_path.isLayer() ? m_document->tree().descriptor(m_path) : std::nullopt;
    m_marking->setVisible(layer.has_value());
    m_addressBox->setVisible(layer.has_value());
    if (!layer)
        return;
    const bool marked = layer->mediaType.isNonDistributable();
    const QString why = items::whyNotMarkable(*m_document, m_path);
    (marked ? m_nonDistributable : m_distributable)->setChecked(true);
    m_distributable->setEnabled(why.isEmpty());
    m_nonDistributable->setEnabled(why.isEmpty());
    // The radio buttons say the type; where the addresses do not fit to it, the badge says what comes of it.
    const oci::Marking marking = layer->marking();
    const items::Appearance look = items::appearanceOf(marking);
    const bool fits = marking == oci::Marking::Distributable || marking == oci::Marking::NonDistributable;
    m_badge->setAppearance(fits ? items::Appearance() : look);
    const QList<document::Edit> edits = repair();
    m_mend->setText(FindingsPane::repairInWords(edits, m_document->tree()));
    m_mend->setVisible(!edits.isEmpty());
    QStringList notes{why.isEmpty() ? look.help : why};
    notes << items::alsoInWords(m_document->tree(), m_path);
    notes.removeAll(QString());
    setPlainText(m_markingNote, notes.join(QLatin1Char(' ')));
    const bool takesAddresses = why.isEmpty() && (marked || !layer->urls.isEmpty());
    m_addressBox->setVisible(why.isEmpty() || !layer->urls.isEmpty());
    m_addresses->setVisible(marked || !layer->urls.isEmpty());
    for (QWidget *button : std::initializer_list<QWidget *>{m_add, m_remove, m_up, m_down, m_probe, m_verify})
        button->setVisible(m_addresses->isVisibleTo(m_addressBox));
    m_add->setEnabled(takesAddresses);
    m_template->setEnabled(why.isEmpty());
    m_addressNote->setVisible(m_addresses->isHidden());
}

QList<document::Edit> OverviewPane::repair() const
{
    for (const document::Finding &finding : m_document->findings()) {
        if (finding.path == m_path && !finding.repair.isEmpty())
            return finding.repair;
    }
    return {};
}

void OverviewPane::mark(bool nonDistributable)
{
    if (!m_document)
        return;
    const auto done = items::setMarked(*m_document, {m_path}, nonDistributable, m_addressOf);
    if (!done)
        Q_EMIT refused(done.error());
    showMarking();
    updateButtons();
}

void OverviewPane::setSignatureReport(std::optional<content::VerifyReport> report)
{
    m_report = std::move(report);
    showSignature();
}

} // namespace colophon::widgets
