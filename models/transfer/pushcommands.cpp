// SPDX-License-Identifier: Apache-2.0
#include "transfer/pushcommands.h"

#include "base/plaintext.h"
#include "base/shell.h"
#include "transfer/pushcontent.h"

#include <QCoreApplication>

namespace colophon::transfer {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::transfer::PushCommands)
};

using base::shellQuoted;

QString remark(const QString &text) { return QStringLiteral("# ") + base::visible(text); }

// A command that writes exactly these bytes. Only what survives being pasted into a terminal is written out.
QString writing(const QByteArray &bytes)
{
    const bool isPlain = std::ranges::all_of(bytes, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
    if (isPlain)
        return QStringLiteral("printf %s ") + shellQuoted(QString::fromLatin1(bytes));
    return QStringLiteral("printf %s %1 | base64 -d").arg(shellQuoted(QString::fromLatin1(bytes.toBase64())));
}

// As the registry itself is addressed.
QString originOf(const oci::Reference &reference)
{
    const QString host = reference.registry() == QLatin1String("docker.io") ? QStringLiteral("registry-1.docker.io")
                                                                            : reference.registry();
    return (reference.isLoopback() ? QStringLiteral("http://") : QStringLiteral("https://")) + host;
}

QString apiOf(const oci::Reference &reference)
{
    return originOf(reference) + QStringLiteral("/v2/") + reference.repository();
}

class Writer
{
public:
    explicit Writer(const PushPlan &plan)
        : m_plan(plan)
        , m_content(contentOf(plan.request))
    {
    }
    virtual ~Writer() = default;
    Writer(const Writer &) = delete;
    Writer &operator=(const Writer &) = delete;

    QStringList lines()
    {
        add(remark(Text::tr("Pushes %1 to %2.").arg(m_plan.after.toString(), to().toString())));
        if (m_plan.isBlocked()) {
            for (const QString &blocker : m_plan.blockers)
                add(remark(blocker));
            return m_lines;
        }
        if (m_plan.changesNothing()) {
            add(remark(Text::tr("Nothing has to change: it is there already.")));
            return m_lines;
        }
        head();
        for (const PlanStep &step : m_plan.steps)
            write(step);
        return m_lines;
    }

protected:
    virtual void head() = 0;
    virtual QString probe(const PlanStep &step) const
    {
        return asked(step.url, QStringLiteral("--range 0-0 --output /dev/null"));
    }
    virtual QString blob(const PlanStep &step) const = 0;
    // The bytes come in a file of the working folder.
    virtual QString manifest(const oci::Descriptor &descriptor, const QString &file) const = 0;
    virtual QString tag(const oci::Descriptor &descriptor, const QString &file, const QString &name) const = 0;
    virtual QString digestOfTag(const QString &name) const = 0;
    virtual QString fetched(const oci::Descriptor &descriptor, const QString &file) const = 0;
    // What to know of a manifest that has a subject.
    virtual QString attachmentRemark() const = 0;

    const oci::Reference &to() const { return m_plan.request.destination; }
    const oci::Reference &from() const { return m_plan.request.source; }
    void add(const QString &line) { m_lines.append(line); }
    static QString fileOf(const oci::Digest &digest) { return QStringLiteral("\"$work\"/") + digest.hex(); }
    // A layer's address, asked by nobody: it may be anything, so it is no option, no pattern and no file.
    static QString asked(const QString &address, const QString &how)
    {
        return QStringLiteral(
                   "curl --fail --silent --show-error --location --globoff --proto '=http,https' %1 --url %2")
            .arg(how, shellQuoted(address));
    }
    // Fetches a layer from the first of its addresses that has it; checked when it is uploaded.
    QString fromUrls(const PlanStep &step) const
    {
        QStringList tries;
        for (const BlobNeed &need : m_content.blobs)
            if (need.descriptor.digest == step.descriptor.digest)
                for (const QString &address : need.addresses)
                    tries.append(asked(address, QStringLiteral("--output ") + fileOf(step.descriptor.digest)));
        return QStringLiteral("{ %1; }").arg(tries.join(QStringLiteral(" || ")));
    }

private:
    static QString sentence(const PlanStep &step)
    {
        const QString what = step.kind == StepKind::Probe ? QString()
                             : step.kind == StepKind::Tag ? step.tag
                                                          : step.descriptor.digest.shortForm();
        return QStringLiteral("%1 %2 %3: %4")
            .arg(nameOf(step.kind), step.outcomeName(), what, step.reason)
            .simplified();
    }
    void write(const PlanStep &step)
    {
        add(remark(sentence(step)));
        if (step.outcome != Outcome::Planned)
            return;
        switch (step.kind) {
        case StepKind::Probe:
            return add(probe(step));
        case StepKind::Blob:
        case StepKind::Config:
            // In such a list `set -e` would let a failure pass.
            return add(blob(step) + QStringLiteral(" || exit 1"));
        case StepKind::Manifest:
        case StepKind::Index:
            keep(step.path);
            return add(manifest(step.descriptor, fileOf(step.descriptor.digest)));
        case StepKind::Attachment:
            return writeAttachment(step);
        case StepKind::Signature:
            return add(remark(
                QStringLiteral("cosign sign --key … %1@%2").arg(to().name(), step.descriptor.digest.toString())));
        case StepKind::Tag:
            return writeTag(step);
        }
    }
    void writeAttachment(const PlanStep &step)
    {
        const PushRequest &request = m_plan.request;
        const document::Attachment &attachment = request.attachments->all.at(step.attachment);
        if (from().name() != to().name()) {
            for (const oci::Descriptor &each : QList{attachment.read->config()} + attachment.read->layers()) {
                PlanStep moving;
                moving.descriptor = each;
                moving.from = PlanStep::From::Source;
                add(blob(moving) + QStringLiteral(" || exit 1"));
            }
        }
        keep(step.descriptor.digest, document::reattached(attachment, request.derived));
        add(manifest(step.descriptor, fileOf(step.descriptor.digest)));
        add(attachmentRemark());
    }
    void writeTag(const PlanStep &step)
    {
        const QString file = fileOf(step.descriptor.digest);
        if (step.tag != to().tag()) { // a backup
            add(fetched(step.descriptor, file));
            return add(tag(step.descriptor, file, step.tag));
        }
        if (!m_plan.tagBefore.isNull() && !m_plan.request.force)
            add(QStringLiteral("test \"$(%1)\" = %2")
                    .arg(digestOfTag(step.tag), shellQuoted(m_plan.tagBefore.toString())));
        keep(document::NodePath::root());
        add(tag(step.descriptor, file, step.tag));
    }
    void keep(const document::NodePath &path)
    {
        const document::ImageNode *node = m_plan.request.derived.tree.node(path);
        keep(node->descriptor.digest, node->bytes());
    }
    void keep(const oci::Digest &digest, const QByteArray &bytes)
    {
        if (m_kept.contains(digest))
            return;
        m_kept.insert(digest);
        add(QStringLiteral("%1 > %2").arg(writing(bytes), fileOf(digest)));
    }

    const PushPlan &m_plan;
    PushContent m_content;
    QStringList m_lines;
    QSet<oci::Digest> m_kept; // manifests that are in the working folder
};

class CurlWriter final : public Writer
{
public:
    using Writer::Writer;

private:
    QString attachmentRemark() const override
    {
        return remark(Text::tr("A registry that keeps no list of referrers wants it added to the index under the tag "
                               "%1 as well; regctl does that by itself.")
                          .arg(QStringLiteral("sha256-…")));
    }
    void head() override
    {
        add(remark(
            Text::tr("Set TOKEN (and SOURCE_TOKEN, where the image comes from elsewhere) to a bearer token where "
                     "the registry wants one.")));
        add(QStringLiteral("set -eu; work=$(mktemp -d); trap 'rm -rf \"$work\"' EXIT"));
        add(QStringLiteral("origin=%1; api=%2; source=%3")
                .arg(shellQuoted(originOf(to())), shellQuoted(apiOf(to())), shellQuoted(apiOf(from()))));
        add(QStringLiteral(
            "at() { curl --fail --silent --show-error ${TOKEN:+--header \"Authorization: Bearer $TOKEN\"} "
            "\"$@\"; }"));
        add(QStringLiteral("from() { curl --fail --silent --show-error --location ${SOURCE_TOKEN:+--header "
                           "\"Authorization: Bearer $SOURCE_TOKEN\"} \"$@\"; }"));
        add(QStringLiteral(
            "upload() { place=$(at --request POST --data '' --dump-header - --output /dev/null \"$api/blobs/uploads/\" "
            "| "
            "tr -d '\\r' | sed -n 's/^[Ll]ocation: *//p'); case $place in /*) place=$origin$place;; esac; "
            "case $place in *\\?*) place=$place'&';; *) place=$place'?';; esac; "
            "at --request PUT --header 'Content-Type: application/octet-stream' --upload-file \"$2\" "
            "\"${place}digest=$1\"; }"));
    }
    QString blob(const PlanStep &step) const override
    {
        const QString digest = step.descriptor.digest.toString();
        const QString file = fileOf(step.descriptor.digest);
        const QString fetch = step.from == PlanStep::From::Urls
                                  ? fromUrls(step)
                                  : QStringLiteral("from --output %1 \"$source\"/blobs/%2").arg(file, digest);
        const QString there = QStringLiteral("at --head --output /dev/null \"$api\"/blobs/%1 2>/dev/null").arg(digest);
        const QString copy = QStringLiteral("{ %1 && upload %2 %3; }").arg(fetch, digest, file);
        if (step.mountFrom.isEmpty())
            return there + QStringLiteral(" || ") + copy;
        const QString mount = QStringLiteral("test \"$(at --request POST --data '' --output /dev/null --write-out "
                                             "'%{http_code}' \"$api/blobs/uploads/?mount=%1&from=\"%2)\" = 201")
                                  .arg(digest, shellQuoted(step.mountFrom));
        return there + QStringLiteral(" || ") + mount + QStringLiteral(" || ") + copy;
    }
    static QString put(const oci::Descriptor &descriptor, const QString &file, const QString &name)
    {
        return QStringLiteral("at --request PUT --header %1 --data-binary @%2 \"$api\"/manifests/%3")
            .arg(shellQuoted(QStringLiteral("Content-Type: ") + descriptor.mediaType.toString()), file,
                 shellQuoted(name));
    }
    QString manifest(const oci::Descriptor &descriptor, const QString &file) const override
    {
        return put(descriptor, file, descriptor.digest.toString());
    }
    QString tag(const oci::Descriptor &descriptor, const QString &file, const QString &name) const override
    {
        return put(descriptor, file, name);
    }
    static QString accept()
    {
        return shellQuoted(QStringLiteral("Accept: ") + QString::fromLatin1(oci::MediaType::acceptManifests()));
    }
    QString digestOfTag(const QString &name) const override
    {
        return QStringLiteral("at --head --header %1 \"$api\"/manifests/%2 | tr -d '\\r' | sed -n "
                              "'s/^[Dd]ocker-[Cc]ontent-[Dd]igest: *//p'")
            .arg(accept(), shellQuoted(name));
    }
    QString fetched(const oci::Descriptor &descriptor, const QString &file) const override
    {
        return QStringLiteral("at --location --header %1 --output %2 \"$api\"/manifests/%3")
            .arg(accept(), file, descriptor.digest.toString());
    }
};

class RegctlWriter final : public Writer
{
public:
    using Writer::Writer;

private:
    QString attachmentRemark() const override { return remark(Text::tr("regctl lists it for its subject by itself.")); }
    void head() override
    {
        add(remark(Text::tr("regctl takes the sign-in of docker and podman, or its own: regctl registry login %1")
                       .arg(to().registry())));
        add(QStringLiteral("set -eu; work=$(mktemp -d); trap 'rm -rf \"$work\"' EXIT"));
        QStringList plain;
        for (const oci::Reference &reference : {from(), to()})
            if (reference.isLoopback() && !plain.contains(reference.registry()))
                plain.append(reference.registry());
        for (const QString &host : plain)
            add(QStringLiteral("regctl registry set --tls disabled %1").arg(shellQuoted(host)));
    }
    QString blob(const PlanStep &step) const override
    {
        const QString digest = step.descriptor.digest.toString();
        if (step.from == PlanStep::From::Urls)
            return QStringLiteral("%1 && regctl blob put --digest %2 %3 < %4")
                .arg(fromUrls(step), digest, shellQuoted(to().name()), fileOf(step.descriptor.digest));
        return QStringLiteral("regctl blob copy %1 %2 %3")
            .arg(shellQuoted(from().name()), shellQuoted(to().name()), digest);
    }
    QString manifest(const oci::Descriptor &descriptor, const QString &file) const override
    {
        return QStringLiteral("regctl manifest put --by-digest --content-type %1 %2 < %3")
            .arg(shellQuoted(descriptor.mediaType.toString()), shellQuoted(to().name()), file);
    }
    QString tag(const oci::Descriptor &descriptor, const QString &file, const QString &name) const override
    {
        return QStringLiteral("regctl manifest put --content-type %1 %2 < %3")
            .arg(shellQuoted(descriptor.mediaType.toString()), shellQuoted(to().name() + QLatin1Char(':') + name),
                 file);
    }
    QString digestOfTag(const QString &name) const override
    {
        return QStringLiteral("regctl manifest head %1").arg(shellQuoted(to().name() + QLatin1Char(':') + name));
    }
    QString fetched(const oci::Descriptor &descriptor, const QString &file) const override
    {
        return QStringLiteral("regctl manifest get --format raw-body %1 > %2")
            .arg(shellQuoted(to().name() + QLatin1Char('@') + descriptor.digest.toString()), file);
    }
};
} // namespace

QStringList commandsOf(const PushPlan &plan, CommandTool tool)
{
    if (tool == CommandTool::Regctl)
        return RegctlWriter(plan).lines();
    return CurlWriter(plan).lines();
}

} // namespace colophon::transfer
