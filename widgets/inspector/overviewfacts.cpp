// SPDX-License-Identifier: Apache-2.0
// The lower half of the overview: what a node says about itself, and what its signatures say.
#include "base/bytesize.h"
#include "items/appearance.h"
#include "widgets/common/plain.h"
#include "widgets/inspector/inspector.h"
#include "widgets/inspector/overviewpane.h"

#include <QFormLayout>
#include <QGroupBox>
#include <QLocale>
#include <QVBoxLayout>

namespace colophon::widgets {

namespace {
QString sizeInWords(qint64 bytes)
{
    const QString exact = OverviewPane::tr("%1 bytes").arg(QLocale().toString(bytes));
    return bytes < 10'000 ? exact : QStringLiteral("%1 (%2)").arg(base::humanSize(bytes), exact);
}
} // namespace

void OverviewPane::showFacts()
{
    // Made anew each time: nothing of the last node can be left over.
    if (m_form)
        delete m_form->parentWidget();
    auto *page = new QWidget;
    m_facts->layout()->addWidget(page);
    m_form = new QFormLayout(page);
    m_form->setContentsMargins(0, 8, 0, 0);
    m_form->setHorizontalSpacing(16);
    m_form->setVerticalSpacing(8);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->setLabelAlignment(Qt::AlignLeft | Qt::AlignTop);
    const auto descriptor = m_document ? m_document->tree().descriptor(m_path) : std::nullopt;
    if (!descriptor)
        return;
    if (m_document->tree().isRemoved(m_path))
        addFact(tr("Removed"), tr("It is no longer in the index; Undo puts it back."));
    addDigest(tr("Digest"), descriptor->digest);
    const auto before = m_document->original().descriptor(m_path);
    if (before && before->digest != descriptor->digest)
        addDigest(tr("Before the edit"), before->digest);
    if (m_path.isLayer())
        showLayerFacts(*descriptor);
    else if (m_path.part == document::NodePath::Part::Config)
        showConfigFacts(*descriptor);
    else
        showManifestFacts(*descriptor);
}

void OverviewPane::showLayerFacts(const oci::Descriptor &layer)
{
    addFact(tr("Size"), sizeInWords(layer.size));
    addFact(tr("Media type"), layer.mediaType.toString());
    const document::ImageNode *node = m_document->tree().node(m_path);
    if (node && node->config && node->manifest) {
        const QString by = node->config->createdByPerLayer(node->manifest->layers().size()).value(m_path.layer);
        addFact(tr("Created by"), by.isEmpty() ? tr("The image's history does not say.") : by);
        const QString diffId = node->config->diffIds.value(m_path.layer);
        if (const auto unpacked = oci::Digest::parse(diffId))
            addDigest(tr("Unpacked"), *unpacked); // its diff_id
        else
            addFact(tr("Unpacked"), diffId);
    }
    addAnnotations(layer.annotations.size());
}

void OverviewPane::showConfigFacts(const oci::Descriptor &config)
{
    addFact(tr("Size"), sizeInWords(config.size));
    addFact(tr("Media type"), config.mediaType.toString());
    const document::ImageNode *node = m_document->tree().node(m_path);
    if (node && node->config) {
        addFact(tr("Platform"), node->config->platform.toString());
        addFact(tr("Created"), node->config->created);
        addFact(tr("Author"), node->config->author);
        addFact(tr("Layers (diff_ids)"), QString::number(node->config->diffIds.size()));
    } else {
        addFact(tr("Content"), tr("This is no image configuration."));
    }
    addAnnotations(config.annotations.size());
}

void OverviewPane::showManifestFacts(const oci::Descriptor &manifest)
{
    const document::ImageNode *node = m_document->tree().node(m_path);
    if (!node)
        return;
    addFact(tr("Size"), sizeInWords(manifest.size));
    addFact(tr("Media type"), manifest.mediaType.toString());
    if (const auto platform = node->platform(); platform && !node->index)
        addFact(tr("Platform"), platform->toString());
    if (node->config)
        addFact(tr("Created"), node->config->created);
    if (node->index) {
        addFact(tr("Manifests"), QString::number(node->index->manifests().size()));
        if (m_path.entries.isEmpty())
            addFact(tr("Content"), tr("%1, what occurs more than once counted once")
                                       .arg(base::humanSize(m_document->tree().distinctSize())));
        if (node->index->subject())
            addDigest(tr("Subject"), node->index->subject()->digest);
        addFact(tr("Artifact type"), node->index->artifactType());
        addAnnotations(node->index->annotations().size());
    } else if (node->manifest) {
        QHash<oci::Digest, qint64> distinct{{node->manifest->config().digest, node->manifest->config().size}};
        int marked = 0;
        for (const oci::Descriptor &layer : node->manifest->layers()) {
            distinct.insert(layer.digest, layer.size);
            marked += layer.mediaType.isNonDistributable() ? 1 : 0;
        }
        qint64 sum = 0;
        for (const qint64 size : distinct)
            sum += size;
        const QString count = QString::number(node->manifest->layers().size());
        addFact(tr("Layers"), marked > 0 ? tr("%1, of which non-distributable: %2").arg(count).arg(marked) : count);
        addFact(tr("Content"), tr("%1, what occurs more than once counted once").arg(base::humanSize(sum)));
        if (node->manifest->subject())
            addDigest(tr("Subject"), node->manifest->subject()->digest);
        addFact(tr("Artifact type"), node->manifest->artifactType());
        addAnnotations(node->manifest->annotations().size());
    } else {
        addFact(tr("Content"), tr("Colophon does not read this type; it is kept as it is."));
    }
}

void OverviewPane::addFact(const QString &name, const QString &value)
{
    if (value.isEmpty())
        return;
    QLabel *title = plainLabel(name);
    title->setWordWrap(false);
    title->setForegroundRole(QPalette::PlaceholderText);
    title->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto *field = new ValueLabel(value);
    field->setAccessibleName(QStringLiteral("%1: %2").arg(name, field->text()));
    m_form->addRow(title, field);
}

void OverviewPane::addDigest(const QString &name, const oci::Digest &digest)
{
    QLabel *title = plainLabel(name);
    title->setWordWrap(false);
    title->setForegroundRole(QPalette::PlaceholderText);
    auto *field = new DigestLabel;
    field->setDigest(digest);
    connect(field, &DigestLabel::copied, this, [this] { Q_EMIT copied(tr("The digest")); });
    m_form->addRow(title, field);
}

void OverviewPane::addAnnotations(qsizetype count)
{
    if (count > 0)
        addFact(tr("Annotations"), QString::number(count));
}

void OverviewPane::showSignature()
{
    // Signatures are over manifests and indexes; the report is about the root.
    const bool about =
        m_document && m_report && m_path.part == document::NodePath::Part::Self && m_path.entries.isEmpty();
    m_signature->setVisible(about);
    if (!about)
        return;
    using Verdict = content::VerifyReport::Verdict;
    const bool stale = m_document->isEdited();
    items::Appearance look;
    switch (m_report->verdict) {
    case Verdict::Verified:
        look = {tr("Verified"), {}, items::Tone::Good, items::Symbol::Ok};
        break;
    case Verdict::Unsigned:
        look = {tr("Unsigned"), {}, items::Tone::Plain, items::Symbol::Information};
        break;
    case Verdict::Failed:
        look = {tr("Not verified"), {}, items::Tone::Error, items::Symbol::Failed};
        break;
    }
    QString text = Inspector::inWords(*m_report);
    if (stale && m_report->verdict != Verdict::Unsigned) {
        look = {tr("Stale"), {}, items::Tone::Warning, items::Symbol::Warning};
        text +=
            QLatin1Char(' ') + tr("It is for %1; after the edit the image has another digest and must be signed again.")
                                   .arg(m_report->subject.digest.shortForm());
    }
    m_signatureBadge->setAppearance(look);
    setPlainText(m_signatureText, text);
}

} // namespace colophon::widgets
