// SPDX-License-Identifier: Apache-2.0
#include "transfer/registrypolicy.h"

#include "transfer/pushcontent.h"

#include <QCoreApplication>

#include <array>

namespace colophon::transfer {

namespace {
using base::ErrorKind;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::transfer::RegistryPolicy)
};

// One answer of one registry. A status of 0 is any, an empty code is any; `words` are a part of the message, in small
// letters. The first that fits counts.
struct Answer
{
    RegistryPolicy policy;
    int status;
    const char *code;
    const char *words;
};

constexpr auto immutable = RegistryPolicy::ImmutableTag;
constexpr auto locked = RegistryPolicy::Locked;
constexpr auto quota = RegistryPolicy::Quota;
constexpr auto readOnly = RegistryPolicy::ReadOnly;
constexpr auto retention = RegistryPolicy::Retention;

constexpr std::array answers{
    // Harbor: src/core/middlewares/immutable, 412 PRECONDITION "Failed to process request due to 'app:1' configured as
    // immutable." (goharbor/harbor#9427); quota (#8802) and read-only mode (#4524, #4650) are 403 DENIED.
    Answer{immutable, 0, "", "configured as immutable"},
    Answer{quota, 0, "", "will exceed the configured upper limit"},
    Answer{readOnly, 0, "", "read only mode"},
    Answer{readOnly, 0, "", "read-only mode"},
    // Amazon ECR: 400 TAG_INVALID "The image tag '1' already exists in the 'app' repository and cannot be overwritten
    // because the repository is immutable." (moby/buildkit#3776); the API's name of it comes through proxies.
    Answer{immutable, 0, "", "because the repository is immutable"},
    Answer{immutable, 0, "", "imagetagalreadyexistsexception"},
    Answer{immutable, 0, "ImageTagAlreadyExistsException", ""},
    Answer{quota, 0, "", "limitexceededexception"},
    // Azure: 405 REGISTRY_DISALLOWED_OPERATION "The operation is disallowed on this registry, repository or image. View
    // troubleshooting steps at https://aka.ms/acr/faq/…": locked, or the registry's storage limit is reached
    // (learn.microsoft.com/troubleshoot/azure/azure-container-registry/acr-push-errors).
    Answer{locked, 0, "REGISTRY_DISALLOWED_OPERATION", ""},
    Answer{locked, 0, "", "operation is disallowed on this registry"},
    // Google Artifact Registry: 400 MANIFEST_INVALID "cannot update tag 1. The repository has enabled tag immutability"
    // (cloud.google.com/artifact-registry/docs/docker/troubleshoot#push).
    Answer{immutable, 0, "", "enabled tag immutability"},
    // Google Cloud Storage under a registry of one's own: "Object … is subject to bucket's retention policy …".
    Answer{retention, 0, "", "retention policy"},
    Answer{retention, 0, "", "object retention"},
    Answer{retention, 0, "", "legal hold"},
    // Quay: "tag is immutable and cannot be overwritten" (PROJQUAY-10859); 403 DENIED "Quota has been exceeded on
    // namespace"; 405 DENIED "System is currently read-only. …"; 405 "Pushes to the registry are currently disabled."
    // (quay/quay#2755).
    Answer{immutable, 0, "", "tag is immutable"},
    Answer{quota, 0, "", "quota has been exceeded"},
    Answer{readOnly, 0, "", "currently read-only"},
    Answer{readOnly, 0, "", "pushes to the registry are currently disabled"},
    // Docker Hub: 403 DENIED "… This tag is already assigned to an image in this repository and cannot be updated due
    // to
    // immutability settings. To push this image, use a different tag." (kimai/kimai#5791).
    Answer{immutable, 0, "", "immutability settings"},
    // GitLab says of rules for tags that they are "immutable" or "protected"
    // (docs.gitlab.com/user/packages/container_registry/immutable_container_tags).
    Answer{immutable, 403, "", "protected tag"},
    Answer{immutable, 403, "", "tag is protected"},
    // Alibaba Cloud: "The requested tag already exists and cannot be overwritten." (help.aliyun.com/en/acr).
    Answer{immutable, 0, "", "already exists and cannot be overwritten"},
    // Others with the words everybody uses, where the status is one of refusal.
    Answer{immutable, 409, "TAG_IMMUTABLE", ""},
    Answer{immutable, 0, "TAG_INVALID", "already exists"},
    Answer{immutable, 400, "", "immutable"},
    Answer{immutable, 403, "", "immutable"},
    Answer{immutable, 409, "", "immutable"},
    Answer{immutable, 412, "", "immutable"},
    Answer{immutable, 423, "", ""},
    Answer{quota, 507, "", ""}, // RFC 4918: insufficient storage
    Answer{quota, 403, "", "quota"},
    Answer{quota, 413, "", "quota"},
    Answer{quota, 429, "", "quota exceeded"},
    Answer{quota, 400, "", "quota"},
    Answer{readOnly, 403, "", "read-only"},
    Answer{readOnly, 503, "", "read-only"},
    // docker-registry with storage.maintenance.readonly: 405, with UNSUPPORTED or with plain "Method not allowed"
    // (distribution/distribution#1718).
    Answer{readOnly, 405, "UNSUPPORTED", ""},
    Answer{readOnly, 405, "", ""},
};

bool fits(const Answer &answer, const base::Error &error, const QString &words)
{
    return (answer.status == 0 || answer.status == error.httpStatus) &&
           (*answer.code == '\0' || error.wireCode.compare(QLatin1String(answer.code), Qt::CaseInsensitive) == 0) &&
           words.contains(QLatin1String(answer.words));
}

struct Explanation
{
    QString message;
    QString hint;
};

QString elsewhere(const oci::Reference &destination)
{
    const QString other = destination.withTag(anotherTag(destination.tag())).toString();
    return Text::tr("Push to another tag, for example %1.").arg(other);
}

Explanation explanationOf(RegistryPolicy policy, const oci::Reference &destination, const oci::Digest &tagBefore)
{
    const QString registry = destination.registry();
    const QString tag = tagInWords(destination);
    const bool hasTag = !destination.tag().isEmpty();
    switch (policy) {
    case RegistryPolicy::None:
        break;
    case RegistryPolicy::ImmutableTag:
        return {tagBefore.isNull() || !hasTag
                    ? Text::tr("%1 keeps tags as they were first pushed (immutable tags).").arg(registry)
                    : Text::tr("%1 does not let %2 name another image: its tags are immutable.").arg(registry, tag),
                hasTag ? elsewhere(destination) : QString()};
    case RegistryPolicy::Locked:
        return {Text::tr("%1 has locked this image or repository, or has no room left: it does not say which.")
                    .arg(registry),
                (hasTag ? elsewhere(destination) + QLatin1Char(' ') : QString()) +
                    Text::tr("If that is refused too, ask who runs it to look at the lock and the storage used.")};
    case RegistryPolicy::Quota:
        return {Text::tr("%1 has no room left for this: a quota is used up.").arg(registry),
                Text::tr("Delete what is not needed there, or ask who runs it for more; another tag does not help, "
                         "another repository may.")};
    case RegistryPolicy::ReadOnly:
        return {Text::tr("%1 takes nothing at the moment: it is read-only.").arg(registry),
                Text::tr("Push again later, or to another registry; some registries are so while they clean up.")};
    case RegistryPolicy::Retention:
        return {
            Text::tr("%1 holds what is there for a time and does not let it be replaced (retention).").arg(registry),
            hasTag ? elsewhere(destination) : QString()};
    }
    return {};
}
} // namespace

QString nameOf(RegistryPolicy policy)
{
    switch (policy) {
    case RegistryPolicy::None:
        return QStringLiteral("none");
    case RegistryPolicy::ImmutableTag:
        return QStringLiteral("immutable-tag");
    case RegistryPolicy::Locked:
        return QStringLiteral("locked");
    case RegistryPolicy::Quota:
        return QStringLiteral("quota");
    case RegistryPolicy::ReadOnly:
        return QStringLiteral("read-only");
    case RegistryPolicy::Retention:
        return QStringLiteral("retention");
    }
    return QStringLiteral("none");
}

RegistryPolicy policyOf(const base::Error &refusal)
{
    if (refusal.httpStatus < 400 || refusal.httpStatus == 401 || refusal.kind == ErrorKind::Cancelled)
        return RegistryPolicy::None;
    // Our own sentences about 409, 412 and 423 guess at an immutable tag; only the registry's words count here.
    const qsizetype said = refusal.message.indexOf(QLatin1Char('"'));
    const QString words = said < 0 ? QString() : refusal.message.mid(said).toLower();
    for (const Answer &answer : answers)
        if (fits(answer, refusal, words))
            return answer.policy;
    return RegistryPolicy::None;
}

base::Error withPolicyExplained(const base::Error &refusal, const oci::Reference &destination,
                                const oci::Digest &tagBefore)
{
    const RegistryPolicy policy = policyOf(refusal);
    if (policy == RegistryPolicy::None)
        return refusal;
    const Explanation explanation = explanationOf(policy, destination, tagBefore);
    base::Error error = refusal;
    error.kind = ErrorKind::Denied;
    error.message = explanation.message;
    if (const qsizetype said = refusal.message.indexOf(QLatin1Char('"')); said >= 0)
        error.message += Text::tr(" It says: %1").arg(refusal.message.mid(said));
    error.hint = (explanation.hint + QLatin1Char(' ') + stillInWords(destination, tagBefore)).trimmed();
    return error;
}

QString anotherTag(const QString &tag, const QStringList &taken)
{
    constexpr qsizetype longest = 128; // distribution-spec, "Pulling manifests"
    for (int number = 2;; ++number) {
        const QString end = QStringLiteral("-%1").arg(number);
        const QString other = tag.left(longest - end.size()) + end;
        if (!taken.contains(other))
            return other;
    }
}

} // namespace colophon::transfer
