// SPDX-License-Identifier: Apache-2.0
#include "widgets/inspector/inspector.h"

#include "items/findingsmodel.h"
#include "items/urlsmodel.h"
#include "widgets/common/errorstrip.h"
#include "widgets/common/plain.h"
#include "widgets/common/statepane.h"
#include "widgets/common/wrappingtabs.h"
#include "widgets/inspector/annotationspane.h"
#include "widgets/inspector/consequencespane.h"
#include "widgets/inspector/findingspane.h"
#include "widgets/inspector/jsonview.h"
#include "widgets/inspector/overviewpane.h"
#include "widgets/inspector/signaturespane.h"

#include <QVBoxLayout>

namespace colophon::widgets {

using document::NodePath;

Inspector::Inspector(QWidget *parent)
    : QWidget(parent)
    , m_pane(new StatePane(this))
    , m_title(new ElidedLabel)
    , m_errors(new ErrorStrip)
    , m_tabs(new WrappingTabs)
    , m_overview(new OverviewPane)
    , m_json(new JsonView)
    , m_annotations(new AnnotationsPane)
    , m_consequences(new ConsequencesPane)
    , m_findings(new FindingsPane)
    , m_signatures(new SignaturesPane)
{
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_title->setContentsMargins(8, 8, 8, 4);
    m_errors->setRetryable(false);
    m_tabs->setAccessibleName(tr("About the selected node"));
    m_tabs->addTab(m_overview, tr("&Overview"));
    m_tabs->addTab(m_json, tr("&JSON"));
    m_tabs->addTab(m_annotations, tr("Annota&tions"));
    m_tabs->addTab(m_consequences, tr("Conse&quences"));
    m_tabs->addTab(m_findings, tr("&Findings"));
    m_tabs->addTab(m_signatures, tr("Si&gnatures"));

    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_title);
    column->addWidget(m_errors);
    column->addWidget(m_tabs, 1);
    m_pane->setContent(content);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_pane);

    connect(m_overview, &OverviewPane::probeRequested, this, &Inspector::probeRequested);
    connect(m_overview, &OverviewPane::repairRequested, this, &Inspector::mend);
    connect(m_overview, &OverviewPane::copied, this, &Inspector::copied);
    connect(m_overview, &OverviewPane::verifyRequested, this, &Inspector::verifyRequested);
    connect(m_overview, &OverviewPane::probeStopRequested, this, &Inspector::probeStopRequested);
    connect(m_overview, &OverviewPane::templateRequested, this, &Inspector::templateRequested);
    const auto refuse = [this](const base::Error &why) { m_errors->showError(why); };
    connect(m_overview, &OverviewPane::refused, m_errors, refuse);
    connect(m_annotations, &AnnotationsPane::refused, m_errors, refuse);
    connect(m_json, &JsonView::copied, this, &Inspector::copied);
    connect(m_signatures, &SignaturesPane::copied, this, &Inspector::copied);
    connect(m_findings, &FindingsPane::nodeActivated, this, &Inspector::nodeActivated);
    connect(m_findings, &FindingsPane::repairRequested, this, &Inspector::mend);
    refresh();
}

void Inspector::setDocument(editing::ImageDocument *document, content::TargetPtr target)
{
    if (m_document)
        m_document->disconnect(this);
    m_document = document;
    m_current = NodePath::root();
    m_overview->setSignatureReport(std::nullopt);
    m_signatures->setDocument(document, std::move(target));
    m_errors->clear();
    if (m_document) {
        connect(m_document, &editing::ImageDocument::changed, this, [this] {
            m_errors->clear(); // what was refused is overtaken
            refresh(true);
            m_signatures->showEdits();
        });
        connect(m_document, &QObject::destroyed, this, [this] { setDocument(nullptr); });
    }
    refresh();
}

void Inspector::setCurrent(const NodePath &path)
{
    if (path == m_current && m_document)
        return;
    m_current = path;
    m_errors->clear();
    m_signatures->setCurrent(path);
    refresh();
}

void Inspector::setAddressOf(items::AddressOf addressOf) { m_overview->setAddressOf(std::move(addressOf)); }

void Inspector::setProbing(const oci::Digest &layer, const QString &url) { m_overview->urls()->setProbing(layer, url); }

void Inspector::setProbe(const oci::Digest &layer, const content::UrlProbe &probe)
{
    m_overview->urls()->setProbe(layer, probe);
}

void Inspector::clearProbes() { m_overview->urls()->clearProbes(); }

void Inspector::stopProbing() { m_overview->urls()->stopProbing(); }

void Inspector::setSignatureReport(std::optional<content::VerifyReport> report)
{
    m_overview->setSignatureReport(std::move(report));
}

QString Inspector::inWords(const content::VerifyReport &report)
{
    using Verdict = content::VerifyReport::Verdict;
    QString sentence;
    switch (report.verdict) {
    case Verdict::Unsigned:
        return tr("Nobody has signed this image.");
    case Verdict::Verified: {
        QStringList keys;
        for (const content::SignatureCheck &check : report.signatures) {
            if (check.verdict == content::SignatureCheck::Verdict::Verified && !check.key.isEmpty() &&
                !keys.contains(check.key))
                keys << items::oneLine(check.key, 200);
        }
        return keys.isEmpty() ? tr("The signature is good.")
                              : items::readable(tr("Verified with %1.").arg(keys.join(QStringLiteral(", "))));
    }
    case Verdict::Failed:
        if (!report.reason.isEmpty())
            return items::oneLine(report.reason);
        for (const content::SignatureCheck &check : report.signatures) {
            if (!check.reason.isEmpty())
                return tr("No signature could be verified: %1").arg(items::oneLine(check.reason));
        }
        return tr("No signature could be verified.");
    }
    return {};
}

void Inspector::setCurrentTab(Tab tab)
{
    m_tabs->setCurrentWidget(tab == Tab::Json           ? static_cast<QWidget *>(m_json)
                             : tab == Tab::Annotations  ? static_cast<QWidget *>(m_annotations)
                             : tab == Tab::Consequences ? static_cast<QWidget *>(m_consequences)
                             : tab == Tab::Findings     ? static_cast<QWidget *>(m_findings)
                             : tab == Tab::Signatures   ? static_cast<QWidget *>(m_signatures)
                                                        : static_cast<QWidget *>(m_overview));
}

Inspector::Tab Inspector::currentTab() const
{
    return m_tabs->currentWidget() == m_json           ? Tab::Json
           : m_tabs->currentWidget() == m_annotations  ? Tab::Annotations
           : m_tabs->currentWidget() == m_consequences ? Tab::Consequences
           : m_tabs->currentWidget() == m_findings     ? Tab::Findings
           : m_tabs->currentWidget() == m_signatures   ? Tab::Signatures
                                                       : Tab::Overview;
}

void Inspector::refresh(bool isEdited)
{
    const document::ImageNode *node =
        m_document && !m_document->tree().isEmpty() ? m_document->tree().node(m_current) : nullptr;
    if (!node) {
        m_overview->showNode(nullptr, {});
        m_json->setBytes({});
        m_annotations->showNode(nullptr, {});
        m_consequences->showNode(nullptr, {});
        m_findings->setFindings({}, {});
        m_pane->showEmpty(items::Symbol::Image, tr("What is selected in the image is explained here."));
        return;
    }
    m_title->setFullText(items::placeInWords(m_document->tree(), m_current));
    m_overview->showNode(m_document, m_current);
    showJson(isEdited);
    m_annotations->showNode(m_document, m_current);
    m_consequences->showNode(m_document, m_current);
    const QList<document::Finding> &findings = m_document->findings();
    m_findings->setFindings(findings, m_document->tree());
    m_tabs->setTabText(m_tabs->indexOf(m_findings),
                       findings.isEmpty() ? tr("&Findings") : tr("&Findings (%1)").arg(findings.size()));
    m_pane->showContent();
}

void Inspector::showJson(bool isEdited)
{
    // A config or layer is shown where it is named: in its manifest. What we do not read, in the index above it.
    const document::ImageTree &tree = m_document->tree();
    const document::ImageNode *node = tree.node(m_current);
    std::optional<oci::Span> span;
    if (node->manifest && m_current.isLayer())
        span = node->manifest->layerValue(m_current.layer).span();
    else if (node->manifest && m_current.part == NodePath::Part::Config)
        span = node->manifest->json().root()["config"].span();
    else if (node->bytes().isEmpty() && !m_current.entries.isEmpty()) {
        NodePath above = m_current.manifest();
        const int entry = above.entries.takeLast();
        if (const document::ImageNode *index = tree.node(above); index && index->index) {
            span = index->index->entryValue(entry).span();
            node = index;
        }
    }
    m_json->setBytes(node->bytes(), isEdited);
    m_json->setHighlight(span);
}

void Inspector::mend(const QList<document::Edit> &edits)
{
    if (!m_document)
        return;
    if (const auto done = m_document->edit(edits, tr("Mend")); !done)
        m_errors->showError(done.error());
    else
        Q_EMIT repaired(edits);
}

} // namespace colophon::widgets
