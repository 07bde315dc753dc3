// SPDX-License-Identifier: Apache-2.0
#include "session/draft.h"

#include "document/titles.h"
#include "session/draftedit.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

namespace colophon::session {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::session::Draft)
};

const QLatin1String schemaMember("schema");
const QLatin1String referenceMember("reference");
const QLatin1String openedMember("opened");
const QLatin1String changedMember("changed");
const QLatin1String editsMember("edits");
const QLatin1String leftOutMember("leftOut");
const QLatin1String contentMember("content");
const QLatin1String titleMember("title");

std::unexpected<base::Error> damaged(const QString &why)
{
    return base::fail(base::ErrorKind::InvalidData, Text::tr("This is no draft of Colophon: %1").arg(why));
}

std::unexpected<base::Error> ofLaterVersion()
{
    return base::fail(base::ErrorKind::Usage, Text::tr("A later version of Colophon wrote this draft."),
                      Text::tr("Open it with that version; it stays where it is."));
}
} // namespace

Draft Draft::of(const oci::Reference &reference, const document::ImageTree &original, const document::EditSet &edits,
                const QDateTime &changed)
{
    Draft draft;
    draft.reference = reference;
    draft.changed = changed.toUTC();
    if (original.isEmpty())
        return draft;
    draft.opened = original.root().descriptor.digest;
    const document::Titles titles(original);
    for (const document::Edit &edit : edits.edits()) {
        const document::NodePath place = placeOf(edit);
        const QString title = titles.name(place);
        if (holdsCredentials(edit)) {
            draft.leftOut.append(Text::tr("%1: drafts keep no address that holds a user name or password.")
                                     .arg(titles.nameAtStart(place)));
            continue;
        }
        const std::optional<oci::Descriptor> content = original.descriptor(place);
        draft.edits.append({edit, content ? content->digest : oci::Digest(), title});
    }
    return draft;
}

document::EditSet Draft::editSet() const
{
    QList<document::Edit> all;
    for (const DraftedEdit &each : edits)
        all.append(each.edit);
    return document::EditSet().with(all);
}

QByteArray Draft::toJson() const
{
    QJsonArray list;
    for (const DraftedEdit &each : edits) {
        QJsonObject object = session::toJson(each.edit);
        object[contentMember] = each.content.toString();
        object[titleMember] = each.title;
        list.append(object);
    }
    const QJsonObject object{{schemaMember, schema},
                             {referenceMember, reference.toString()},
                             {openedMember, opened.toString()},
                             {changedMember, changed.toString(Qt::ISODateWithMs)},
                             {editsMember, list},
                             {leftOutMember, QJsonArray::fromStringList(leftOut)}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

base::Result<Draft> Draft::fromJson(const QByteArray &json)
{
    QJsonParseError problem;
    const QJsonObject object = QJsonDocument::fromJson(json, &problem).object();
    if (problem.error != QJsonParseError::NoError)
        return damaged(problem.errorString());
    const int version = object[schemaMember].toInt();
    if (version > schema)
        return ofLaterVersion();
    if (version < 1)
        return damaged(Text::tr("it names no schema."));

    Draft draft;
    const base::Result<oci::Reference> reference = oci::Reference::parse(object[referenceMember].toString());
    if (!reference)
        return damaged(reference.error().message);
    draft.reference = *reference;
    const base::Result<oci::Digest> opened = oci::Digest::parse(object[openedMember].toString());
    if (!opened)
        return damaged(opened.error().message);
    draft.opened = *opened;
    draft.changed = QDateTime::fromString(object[changedMember].toString(), Qt::ISODateWithMs).toUTC();
    if (!draft.changed.isValid() || !object[editsMember].isArray())
        return damaged(Text::tr("its time or its edits are missing."));
    const QJsonArray list = object[editsMember].toArray();
    for (const QJsonValue each : list) {
        // The checksum held, so that what is not understood was meant that way by who wrote it.
        const std::optional<document::Edit> edit = editFromJson(each.toObject());
        if (!edit)
            return ofLaterVersion();
        const QString content = each[contentMember].toString();
        draft.edits.append({*edit, oci::Digest::parse(content).value_or(oci::Digest()), each[titleMember].toString()});
    }
    const QJsonArray words = object[leftOutMember].toArray();
    for (const auto &each : words)
        draft.leftOut.append(each.toString());
    return draft;
}

} // namespace colophon::session
