// SPDX-License-Identifier: Apache-2.0
#include "widgets/inspector/signaturedetails.h"

#include "base/bytesize.h"
#include "items/signaturewords.h"
#include "widgets/common/plain.h"
#include "widgets/common/retire.h"
#include "widgets/common/symbols.h"
#include "widgets/inspector/jsonview.h"
#include "widgets/inspector/readcontent.h"

#include <QDateTime>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace colophon::widgets {

using document::Attachment;

namespace {
QString inWords(const QDateTime &time)
{
    return QLocale().toString(time.toUTC(), QStringLiteral("d MMM yyyy, HH:mm")) + QStringLiteral(" UTC");
}

// A date as it was written, for people; what is none stays as it is.
QString dateInWords(const QString &written)
{
    const QDateTime time = QDateTime::fromString(written, Qt::ISODate);
    return time.isValid() ? inWords(time) : written;
}

QString foundBy(const Attachment &attachment)
{
    switch (attachment.source) {
    case Attachment::Source::Referrers:
        if (!attachment.tag.isEmpty())
            return SignatureDetails::tr("under the tag %1 alone; the registry's own list of what refers to the image "
                                        "does not have it")
                .arg(attachment.tag);
        return SignatureDetails::tr("in the list of what refers to the image");
    case Attachment::Source::Tag:
        return SignatureDetails::tr("under the tag %1").arg(attachment.tag);
    case Attachment::Source::Index:
        return SignatureDetails::tr("beside it in the index");
    }
    return {};
}
} // namespace

SignatureDetails::SignatureDetails(QWidget *parent)
    : QWidget(parent)
    , m_pages(new QStackedWidget(this))
    , m_facts(new QScrollArea)
    , m_badge(new Badge)
    , m_reason(selectableLabel())
    , m_table(new QWidget)
    , m_form(new QFormLayout(m_table))
    , m_show(new QPushButton(tr("Show its &content")))
    , m_trouble(selectableLabel())
    , m_contentPage(nullptr)
    , m_summary(selectableLabel())
    , m_json(new JsonView)
{
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_pages);
    m_pages->addWidget(buildFacts());
    m_contentPage = buildContent();
    m_pages->addWidget(m_contentPage);
}

SignatureDetails::~SignatureDetails() = default;

QWidget *SignatureDetails::buildFacts()
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(16, 8, 16, 8);
    column->setSpacing(8);
    m_reason->setObjectName(QStringLiteral("signatureReason"));
    m_reason->setWordWrap(true);
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(16);
    m_form->setVerticalSpacing(4);
    m_form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    m_form->setRowWrapPolicy(QFormLayout::DontWrapRows);
    m_show->setObjectName(QStringLiteral("showContent"));
    m_trouble->setWordWrap(true);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_show);
    buttons->addStretch(1);
    column->addWidget(m_badge, 0, Qt::AlignLeft);
    column->addWidget(m_reason);
    column->addWidget(m_table);
    column->addLayout(buttons);
    column->addWidget(m_trouble);
    column->addStretch(1);
    m_facts->setWidget(page);
    m_facts->setWidgetResizable(true);
    m_facts->setFrameShape(QFrame::NoFrame);
    m_facts->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_facts->setAccessibleName(tr("About the selected signature or attachment"));
    connect(m_show, &QPushButton::clicked, this, &SignatureDetails::showContent);
    return m_facts;
}

QWidget *SignatureDetails::buildContent()
{
    auto *page = new QWidget;
    auto *back = new QPushButton(symbolIcon(items::Symbol::Back), tr("Back to the &facts"), page);
    back->setObjectName(QStringLiteral("backToFacts"));
    m_summary->setObjectName(QStringLiteral("contentSummary"));
    m_summary->setWordWrap(true);
    auto *head = new QVBoxLayout;
    head->setContentsMargins(8, 8, 8, 0);
    head->setSpacing(8);
    head->addWidget(back, 0, Qt::AlignLeft);
    head->addWidget(m_summary);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(head);
    column->addWidget(m_json, 1);
    connect(back, &QPushButton::clicked, this, &SignatureDetails::showFacts);
    connect(m_json, &JsonView::copied, this, &SignatureDetails::copied);
    return page;
}

QString SignatureDetails::text() const { return m_lines.join(QLatin1Char('\n')); }

bool SignatureDetails::isShowingContent() const { return m_pages->currentWidget() == m_contentPage; }

void SignatureDetails::addFact(const QString &name, const QString &value)
{
    if (value.isEmpty())
        return;
    const QString readable = items::oneLine(value);
    auto *label = plainLabel(name, m_table);
    label->setForegroundRole(QPalette::PlaceholderText);
    label->setAlignment(Qt::AlignTop);
    auto *field = new ValueLabel(readable, m_table);
    field->setAccessibleName(QStringLiteral("%1: %2").arg(name, readable));
    m_form->addRow(label, field);
    m_lines.append(QStringLiteral("%1: %2").arg(name, readable));
}

void SignatureDetails::addDigest(const QString &name, const oci::Digest &digest)
{
    if (digest.isNull())
        return;
    auto *label = plainLabel(name, m_table);
    label->setForegroundRole(QPalette::PlaceholderText);
    auto *field = new DigestLabel(m_table);
    field->setDigest(digest);
    connect(field, &DigestLabel::copied, this, &SignatureDetails::copied);
    m_form->addRow(label, field);
    m_lines.append(QStringLiteral("%1: %2").arg(name, digest.toString()));
}

void SignatureDetails::show(const items::SignaturesModel &model, const QModelIndex &index, const QString &sentence)
{
    const auto attachment = index.isValid() ? model.attachment(index) : std::nullopt;
    const bool isSame = attachment && m_attachment && attachment->manifest.digest == m_attachment->manifest.digest &&
                        attachment->content.digest == m_attachment->content.digest;
    if (!isSame) {
        retire(m_reading);
        showFacts();
        setPlainText(m_trouble, {});
    }
    m_attachment = attachment;
    m_lines.clear();
    while (m_form->rowCount() > 0)
        m_form->removeRow(0);
    const items::Appearance look = index.isValid() ? model.verdict(index) : items::Appearance();
    m_badge->setAppearance(look);
    const QString reason = index.isValid() ? look.help : sentence;
    setPlainText(m_reason, reason);
    m_reason->setVisible(!reason.isEmpty());
    m_lines.append({look.word, reason});
    if (attachment)
        showAttachment(model, index);
    m_table->setVisible(m_form->rowCount() > 0);
    // One statement among several of a manifest has no blob of its own.
    m_show->setVisible(attachment && !attachment->content.digest.isNull());
    m_trouble->setVisible(!m_trouble->text().isEmpty());
}

void SignatureDetails::showAttachment(const items::SignaturesModel &model, const QModelIndex &index)
{
    const Attachment &attachment = *m_attachment;
    const auto check = model.signatureCheck(index);
    if (check) {
        const bool isVerified = check->verdict == content::CheckVerdict::Verified;
        addFact(isVerified ? tr("Signed by") : tr("Key"), check->key);
        if (check->certificate) {
            if (!check->key.startsWith(check->certificate->identity)) // said above
                addFact(isVerified ? tr("Certificate") : tr("It names"), check->certificate->identity);
            addFact(tr("Vouched for by"), check->certificate->issuer);
            addFact(
                tr("Valid"),
                tr("%1 to %2").arg(inWords(check->certificate->validFrom), inWords(check->certificate->validUntil)));
        }
        addFact(tr("How"), check->algorithm);
        addFact(tr("Made for"), items::boundToInWords(*check));
        if (check->signingTime.isValid())
            addFact(tr("When"), tr("%1, as its signer says").arg(inWords(check->signingTime)));
    } else if (const auto statement = model.attestationCheck(index)) {
        addFact(tr("Signed by"), statement->key);
        addFact(tr("About"), statement->predicateType);
    } else if (attachment.isSigned) {
        addFact(tr("It names"), attachment.signer);
    }
    if (!attachment.created.isEmpty() && !(check && check->signingTime.isValid()))
        addFact(tr("When"), tr("%1, as it says itself").arg(dateInWords(attachment.created)));
    addFact(tr("Says"), attachment.problem.isEmpty() ? attachment.summary : attachment.problem);
    const items::Appearance after = model.fate(index);
    if (!after.word.isEmpty())
        addFact(tr("After the edit"), after.word + QStringLiteral(". ") + after.help);
    addDigest(tr("About"), attachment.about);
    addFact(tr("Found"), foundBy(attachment));
    addDigest(tr("Stored as"), attachment.manifest.digest);
    addFact(tr("Size"), base::humanSize(attachment.size));
}

void SignatureDetails::showFacts()
{
    m_pages->setCurrentWidget(m_facts);
    m_json->setBytes({});
}

void SignatureDetails::showContent()
{
    if (!m_attachment || !m_target || m_reading)
        return;
    m_reading = std::make_unique<ReadContent>(m_target, *m_attachment);
    connect(m_reading.get(), &ReadContent::finished, this, &SignatureDetails::takeContent);
    m_show->setEnabled(false);
    m_reading->start();
}

void SignatureDetails::takeContent()
{
    m_show->setEnabled(true);
    const auto error = m_reading->error();
    const QByteArray bytes = m_reading->bytes();
    retire(m_reading);
    if (error) {
        setPlainText(m_trouble, error->text());
        m_trouble->show();
        return;
    }
    const document::AttachedContent read = document::readAttached(bytes);
    setPlainText(m_summary, read.problem.isEmpty() ? read.inWords() : read.problem);
    m_json->setBytes(read.text.isEmpty() ? bytes : read.text);
    m_pages->setCurrentWidget(m_contentPage);
}

} // namespace colophon::widgets
