// SPDX-License-Identifier: Apache-2.0
#include "session/draftedit.h"

#include <QJsonArray>
#include <QRegularExpression>

#include <algorithm>

namespace colophon::session {

using document::Edit;
using document::NodePath;

namespace {
const QLatin1String kindMember("kind");
const QLatin1String placeMember("place");
const QLatin1String nonDistributableMember("nonDistributable");
const QLatin1String urlsMember("urls");
const QLatin1String whereMember("where");
const QLatin1String nameMember("name");
const QLatin1String valueMember("value");
const QLatin1String familyMember("family");
const QLatin1String inDocument("document");
const QLatin1String inDescriptor("descriptor");
const QLatin1String ofDocker("docker");
const QLatin1String ofOci("oci");

std::optional<QStringList> textsOf(const QJsonValue &value)
{
    if (!value.isArray())
        return std::nullopt;
    QStringList texts;
    const QJsonArray array = value.toArray();
    for (const auto &each : array) {
        if (!each.isString())
            return std::nullopt;
        texts.append(each.toString());
    }
    return texts;
}

// By the text alone: what cannot be parsed may hold a password all the same.
bool holdsUserInfo(const QString &address)
{
    const qsizetype slashes = address.indexOf(QLatin1String("//"));
    const QStringView rest = QStringView(address).mid(slashes < 0 ? 0 : slashes + 2);
    const auto end = slashes < 0
                         ? rest.end()
                         : std::find_if(rest.begin(), rest.end(), [](QChar c) { return c == u'/' || c == u'?'; });
    const QStringView authority = rest.first(end - rest.begin());
    return authority.contains(u'@') || authority.contains(u"%40");
}

// In a text: any address in it.
bool mentionsUserInfo(const QString &text)
{
    static const QRegularExpression address(QStringLiteral("//[^/?\\s]*(@|%40)"));
    return text.contains(address);
}

// What a draft must know about a kind of edit: its name, its place, its members, and whether it may hold a secret.
template <class Kind>
struct DraftedKind;

template <>
struct DraftedKind<document::SetMarking>
{
    static constexpr QLatin1String name{"set-marking"};
    static constexpr bool isOfContent = true;
    static NodePath &place(document::SetMarking &edit) { return edit.layer; }
    static void write(const document::SetMarking &edit, QJsonObject &object)
    {
        object[nonDistributableMember] = edit.nonDistributable;
        object[urlsMember] = QJsonArray::fromStringList(edit.urls);
    }
    static bool read(const QJsonObject &object, document::SetMarking &edit)
    {
        const QJsonValue nonDistributable = object[nonDistributableMember];
        const std::optional<QStringList> urls = textsOf(object[urlsMember]);
        if (!nonDistributable.isBool() || !urls)
            return false;
        edit.nonDistributable = nonDistributable.toBool();
        edit.urls = *urls;
        return true;
    }
    static bool holdsCredentials(const document::SetMarking &edit)
    {
        return std::any_of(edit.urls.begin(), edit.urls.end(), holdsUserInfo);
    }
};

template <>
struct DraftedKind<document::SetAnnotation>
{
    using Where = document::SetAnnotation::Where;
    static constexpr QLatin1String name{"set-annotation"};
    static constexpr bool isOfContent = false;
    static NodePath &place(document::SetAnnotation &edit) { return edit.place; }
    static void write(const document::SetAnnotation &edit, QJsonObject &object)
    {
        object[whereMember] = edit.where == Where::Document ? inDocument : inDescriptor;
        object[nameMember] = edit.name;
        object[valueMember] = edit.value ? QJsonValue(*edit.value) : QJsonValue();
    }
    static bool read(const QJsonObject &object, document::SetAnnotation &edit)
    {
        const QString where = object[whereMember].toString();
        const QJsonValue value = object[valueMember];
        if ((where != inDocument && where != inDescriptor) || !object[nameMember].isString() ||
            (!value.isString() && !value.isNull())) {
            return false;
        }
        edit.where = where == inDocument ? Where::Document : Where::Descriptor;
        edit.name = object[nameMember].toString();
        if (value.isString())
            edit.value = value.toString();
        return true;
    }
    static bool holdsCredentials(const document::SetAnnotation &edit)
    {
        return mentionsUserInfo(edit.name) || mentionsUserInfo(edit.value.value_or(QString()));
    }
};

template <>
struct DraftedKind<document::SetFamily>
{
    using Family = oci::MediaType::Family;
    static constexpr QLatin1String name{"set-family"};
    static constexpr bool isOfContent = false;
    static NodePath &place(document::SetFamily &edit) { return edit.place; }
    static void write(const document::SetFamily &edit, QJsonObject &object)
    {
        object[familyMember] = edit.family == Family::Docker ? ofDocker : ofOci;
    }
    static bool read(const QJsonObject &object, document::SetFamily &edit)
    {
        const QString family = object[familyMember].toString();
        edit.family = family == ofDocker ? Family::Docker : Family::Oci;
        return family == ofDocker || family == ofOci;
    }
    static bool holdsCredentials(const document::SetFamily & /*edit*/) { return false; }
};

template <>
struct DraftedKind<document::RemovePlatform>
{
    static constexpr QLatin1String name{"remove-platform"};
    static constexpr bool isOfContent = false;
    static NodePath &place(document::RemovePlatform &edit) { return edit.entry; }
    static void write(const document::RemovePlatform & /*edit*/, QJsonObject & /*object*/) {}
    static bool read(const QJsonObject & /*object*/, document::RemovePlatform & /*edit*/) { return true; }
    static bool holdsCredentials(const document::RemovePlatform & /*edit*/) { return false; }
};

template <class Kind>
using DraftedKindOf = DraftedKind<std::decay_t<Kind>>;

template <class Kind>
std::optional<Edit> readAs(const QJsonObject &object)
{
    const std::optional<NodePath> place = NodePath::parse(object[placeMember].toString());
    Kind edit;
    if (object[kindMember].toString() != DraftedKind<Kind>::name || !place || !DraftedKind<Kind>::read(object, edit))
        return std::nullopt;
    DraftedKind<Kind>::place(edit) = *place;
    return Edit(std::move(edit));
}

template <class... Kinds>
std::optional<Edit> readAny(const QJsonObject &object, const std::variant<Kinds...> * /*kinds*/)
{
    std::optional<Edit> edit;
    static_cast<void>((... || (edit = readAs<Kinds>(object)).has_value()));
    return edit;
}
} // namespace

QJsonObject toJson(const Edit &edit)
{
    QJsonObject object;
    std::visit(
        [&](const auto &each) {
            using Drafted = DraftedKindOf<decltype(each)>;
            object[kindMember] = Drafted::name;
            object[placeMember] = placeOf(edit).toString();
            Drafted::write(each, object);
        },
        edit);
    return object;
}

std::optional<Edit> editFromJson(const QJsonObject &object)
{
    return readAny(object, static_cast<const Edit *>(nullptr));
}

Edit movedTo(Edit edit, const NodePath &place)
{
    std::visit([&](auto &each) { DraftedKindOf<decltype(each)>::place(each) = place; }, edit);
    return edit;
}

bool isSameElsewhere(const Edit &a, const Edit &b) { return movedTo(a, placeOf(b)) == b; }

bool isOfContent(const Edit &edit)
{
    return std::visit([](const auto &each) { return DraftedKindOf<decltype(each)>::isOfContent; }, edit);
}

bool holdsCredentials(const Edit &edit)
{
    return std::visit([](const auto &each) { return DraftedKindOf<decltype(each)>::holdsCredentials(each); }, edit);
}

} // namespace colophon::session
