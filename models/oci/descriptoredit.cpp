// SPDX-License-Identifier: Apache-2.0
#include "oci/descriptoredit.h"

#include "oci/jsonedit.h"

namespace colophon::oci {

namespace {
QString text(const char *name) { return QLatin1String(name); }

Digest::Algorithm algorithmOf(const JsonValue &digest)
{
    return digest.string().value_or(QString()).startsWith(QLatin1String("sha512:")) ? Digest::Algorithm::Sha512
                                                                                    : Digest::Algorithm::Sha256;
}

class Splicer
{
public:
    Splicer(const JsonValue &object, const QStringList &urls)
        : m_object(object)
        , m_urls(urls)
    {
    }

    QList<Splice> run(const DescriptorEdit &edit)
    {
        if (edit.mediaType)
            setText("mediaType", edit.mediaType->toString());
        if (edit.content)
            setContent(*edit.content);
        if (edit.urls && *edit.urls != m_urls) {
            m_changes.append({text("urls"), edit.urls->isEmpty()
                                                ? std::nullopt
                                                : std::optional(rawStringArray(m_object, *edit.urls))});
        }
        if (!edit.annotations.isEmpty())
            setAnnotations(edit.annotations);
        if (!m_changes.isEmpty())
            m_splices += membersChanged(m_object, m_changes);
        return m_splices;
    }

private:
    void setText(const char *name, const QString &now)
    {
        const JsonValue member = m_object[name];
        if (member.isString())
            m_splices += stringChanged(member, now);
        else
            m_changes.append({text(name), jsonString(now)});
    }

    void setContent(const QByteArray &content)
    {
        const JsonValue digest = m_object["digest"];
        const QString now = Digest::of(content, algorithmOf(digest)).toString();
        if (digest.string() == now)
            return;
        m_changes.append({text("digest"), jsonString(now)});
        if (m_object["size"].integer() != content.size())
            m_changes.append({text("size"), QByteArray::number(content.size())});
        if (m_object["data"].isString())
            m_changes.append({text("data"), '"' + content.toBase64() + '"'});
    }

    void setAnnotations(const QList<AnnotationChange> &changes)
    {
        const JsonValue member = m_object["annotations"];
        QSet<QString> left;
        for (JsonValue each = member.firstChild(); !each.isAbsent(); each = each.nextSibling())
            left.insert(each.key());
        const bool hadAny = !left.isEmpty();
        QList<MemberChange> inside;
        QList<std::pair<QString, QString>> added;
        for (const AnnotationChange &change : changes) {
            if (change.value) {
                const JsonValue old = memberNamed(member, change.name);
                if (old.string() == *change.value)
                    continue;
                left.insert(change.name);
                added.append({change.name, *change.value});
                inside.append({change.name, jsonString(*change.value)});
            } else if (left.remove(change.name)) {
                inside.append({change.name, std::nullopt});
            }
        }
        if (inside.isEmpty())
            return;
        if (left.isEmpty())
            m_changes.append({text("annotations"), std::nullopt});
        else if (hadAny)
            m_splices += membersChanged(member, inside);
        else
            m_changes.append({text("annotations"), rawStringObject(m_object, added)});
    }

    static JsonValue memberNamed(const JsonValue &object, const QString &name)
    {
        for (JsonValue each = object.firstChild(); !each.isAbsent(); each = each.nextSibling()) {
            if (each.key() == name)
                return each;
        }
        return {};
    }

    const JsonValue m_object;
    const QStringList &m_urls;
    QList<Splice> m_splices;
    QList<MemberChange> m_changes;
};
} // namespace

QList<Splice> splicesOf(const JsonValue &object, const DescriptorEdit &edit, const QStringList &urls)
{
    return Splicer(object, urls).run(edit);
}

Annotations edited(Annotations annotations, const QList<AnnotationChange> &changes)
{
    for (const AnnotationChange &change : changes) {
        if (change.value)
            annotations.insert(change.name, *change.value);
        else
            annotations.remove(change.name);
    }
    return annotations;
}

Descriptor edited(Descriptor descriptor, const DescriptorEdit &edit)
{
    if (edit.mediaType)
        descriptor.mediaType = *edit.mediaType;
    if (edit.urls)
        descriptor.urls = *edit.urls;
    descriptor.annotations = edited(descriptor.annotations, edit.annotations);
    if (edit.content) {
        descriptor.digest = Digest::of(*edit.content, descriptor.digest.algorithm());
        descriptor.size = edit.content->size();
        if (descriptor.data)
            descriptor.data = *edit.content;
    }
    return descriptor;
}

} // namespace colophon::oci
