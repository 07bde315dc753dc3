// SPDX-License-Identifier: Apache-2.0
#include "session/draftedit.h"

#include <QJsonArray>

#include <algorithm>
#include <array>

namespace colophon::session {

using document::Edit;
using document::NodePath;

namespace {
const QLatin1String kindMember("kind");
const QLatin1String placeMember("place");

QJsonArray toArray(const QStringList &texts) { return QJsonArray::fromStringList(texts); }

std::optional<QStringList> textsOf(const QJsonValue &value)
{
    if (!value.isArray())
        return std::nullopt;
    QStringList texts;
    for (const QJsonValue &each : value.toArray()) {
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

// What a draft must know about a kind of edit: its name, its place, its members, and what of it may be a secret.
template <class Kind>
struct DraftedKind;

template <>
struct DraftedKind<document::SetMarking>
{
    static constexpr QLatin1String name{"set-marking"};
    template <class Marking>
    static auto &place(Marking &edit)
    {
        return edit.layer;
    }
    static void write(const document::SetMarking &edit, QJsonObject &object)
    {
        object[QLatin1String("nonDistributable")] = edit.nonDistributable;
        object[QLatin1String("urls")] = toArray(edit.urls);
    }
    static bool read(const QJsonObject &object, document::SetMarking &edit)
    {
        const QJsonValue nonDistributable = object[QLatin1String("nonDistributable")];
        const std::optional<QStringList> urls = textsOf(object[QLatin1String("urls")]);
        if (!nonDistributable.isBool() || !urls)
            return false;
        edit.nonDistributable = nonDistributable.toBool();
        edit.urls = *urls;
        return true;
    }
    static QStringList addresses(const document::SetMarking &edit) { return edit.urls; }
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
            object[placeMember] = Drafted::place(each).toString();
            Drafted::write(each, object);
        },
        edit);
    return object;
}

std::optional<Edit> editFromJson(const QJsonObject &object)
{
    return readAny(object, static_cast<const Edit *>(nullptr));
}

NodePath placeOf(const Edit &edit)
{
    return std::visit([](const auto &each) { return NodePath(DraftedKindOf<decltype(each)>::place(each)); }, edit);
}

Edit movedTo(Edit edit, const NodePath &place)
{
    std::visit([&](auto &each) { DraftedKindOf<decltype(each)>::place(each) = place; }, edit);
    return edit;
}

bool isSameElsewhere(const Edit &a, const Edit &b) { return movedTo(a, placeOf(b)) == b; }

bool holdsCredentials(const Edit &edit)
{
    const QStringList addresses =
        std::visit([](const auto &each) { return DraftedKindOf<decltype(each)>::addresses(each); }, edit);
    return std::any_of(addresses.begin(), addresses.end(), holdsUserInfo);
}

} // namespace colophon::session
