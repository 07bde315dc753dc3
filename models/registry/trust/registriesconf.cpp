// SPDX-License-Identifier: Apache-2.0
#include "registry/trust/registriesconf.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "oci/pastedreference.h"
#include "registry/words.h"

#include <QDir>
#include <QFile>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace colophon::registry::trust {

namespace {

constexpr qint64 longestFile = base::limits::MiB;

QString textIn(const toml::table &table, std::string_view key)
{
    return QString::fromStdString(table[key].value_or(std::string()));
}

QStringList textsIn(const toml::table &table, std::string_view key)
{
    QStringList texts;
    if (const toml::array *array = table[key].as_array()) {
        for (const toml::node &node : *array)
            texts.append(QString::fromStdString(node.value_or(std::string())));
    }
    return texts;
}

auto broken(const QString &file, const QString &why)
{
    return base::fail(base::ErrorKind::InvalidData, Words::tr("%1 cannot be used: %2.").arg(base::visible(file), why),
                      Words::tr("See containers-registries.conf(5)."));
}

base::Result<RegistriesConf::Place> placeIn(const toml::table &table, const QString &file)
{
    RegistriesConf::Place place;
    place.location = textIn(table, "location");
    while (place.location.endsWith(u'/'))
        place.location.chop(1);
    place.isInsecure = table["insecure"].value_or(false);
    const QString pulls = textIn(table, "pull-from-mirror");
    if (pulls == QLatin1String("digest-only"))
        place.pulls = RegistriesConf::Pulls::ByDigest;
    else if (pulls == QLatin1String("tag-only"))
        place.pulls = RegistriesConf::Pulls::ByTag;
    else if (!pulls.isEmpty() && pulls != QLatin1String("all"))
        return broken(
            file,
            Words::tr("pull-from-mirror is “%1”, not all, digest-only or tag-only").arg(base::visible(pulls, 60)));
    if (place.location.contains(QLatin1String("://")))
        return broken(file, Words::tr("a location is “%1”, with a scheme").arg(base::visible(place.location, 200)));
    return place;
}

base::Result<RegistriesConf::Rule> ruleIn(const toml::table &table, const QString &file)
{
    RegistriesConf::Rule rule;
    rule.file = file;
    auto place = placeIn(table, file);
    if (!place)
        return base::fail(place.error());
    rule.place = *place;
    rule.prefix = textIn(table, "prefix");
    while (rule.prefix.endsWith(u'/'))
        rule.prefix.chop(1);
    if (rule.prefix.isEmpty())
        rule.prefix = rule.place.location;
    if (rule.prefix.isEmpty())
        return broken(file, Words::tr("a registry has neither a prefix nor a location"));
    if (rule.prefix.startsWith(QLatin1String("*.")) && rule.prefix.contains(u'/'))
        return broken(file, Words::tr("the prefix “%1” has a path behind its star").arg(base::visible(rule.prefix)));
    rule.isBlocked = table["blocked"].value_or(false);
    const bool byDigestOnly = table["mirror-by-digest-only"].value_or(false);
    if (const toml::array *mirrors = table["mirror"].as_array()) {
        for (const toml::node &node : *mirrors) {
            if (!node.is_table())
                return broken(file, Words::tr("a mirror of “%1” is no table").arg(base::visible(rule.prefix)));
            auto mirror = placeIn(*node.as_table(), file);
            if (!mirror)
                return base::fail(mirror.error());
            if (mirror->location.isEmpty())
                return broken(file, Words::tr("a mirror of “%1” has no location").arg(base::visible(rule.prefix)));
            if (byDigestOnly)
                mirror->pulls = RegistriesConf::Pulls::ByDigest;
            rule.mirrors.append(*mirror);
        }
    }
    return rule;
}

// The whole name of the image, as prefixes are written against it.
QString nameOf(const oci::Reference &reference) { return reference.toString(); }

// How much of it the prefix takes; -1: it does not fit.
qsizetype fitOf(const QString &prefix, const QString &name)
{
    if (prefix.startsWith(QLatin1String("*."))) {
        const qsizetype end = std::min({name.indexOf(u'/') < 0 ? name.size() : name.indexOf(u'/'),
                                        name.indexOf(u':') < 0 ? name.size() : name.indexOf(u':')});
        return name.left(end).endsWith(QStringView(prefix).sliced(1)) ? end : -1;
    }
    if (!name.startsWith(prefix))
        return -1;
    const QChar next = name.size() == prefix.size() ? QChar(u'/') : name.at(prefix.size());
    const bool isHost = !prefix.contains(u'/');
    // "host" is no prefix of "host:5000/…": that is another registry.
    const bool ends = next == u'/' || (!isHost && (next == u':' || next == u'@'));
    return ends ? prefix.size() : -1;
}

QStringList dropIns(const QString &folder)
{
    QStringList files;
    const QDir directory(folder);
    for (const QString &name : directory.entryList({QStringLiteral("*.conf")}, QDir::Files, QDir::Name))
        files.append(directory.filePath(name));
    return files;
}

} // namespace

QStringList RegistriesConf::standardFiles(const QProcessEnvironment &environment)
{
    const QString only = environment.value(QStringLiteral("CONTAINERS_REGISTRIES_CONF"));
    if (!only.isEmpty())
        return {only};
    const QString own = QDir::homePath() + QStringLiteral("/.config/containers/registries.conf");
    const QString system = QStringLiteral("/etc/containers/registries.conf");
    const bool hasOwn = QFile::exists(own);
    QStringList files{hasOwn ? own : system};
    if (!hasOwn)
        files += dropIns(system + QStringLiteral(".d"));
    files += dropIns(own + QStringLiteral(".d"));
    QString cache = environment.value(QStringLiteral("XDG_CACHE_HOME"));
    if (cache.isEmpty())
        cache = QDir::homePath() + QStringLiteral("/.cache");
    files.append(cache + QStringLiteral("/containers/short-name-aliases.conf"));
    return files;
}

base::Result<RegistriesConf> RegistriesConf::read(const QStringList &files)
{
    RegistriesConf conf;
    for (const QString &file : files) {
        const auto added = conf.add(file);
        if (!added)
            return base::fail(added.error());
    }
    return conf;
}

base::Result<void> RegistriesConf::add(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return {};
    if (!file.open(QIODevice::ReadOnly))
        return broken(path, file.errorString());
    const QByteArray text = file.read(longestFile + 1);
    if (text.size() > longestFile)
        return broken(path, Words::tr("it is larger than 1 MiB"));
    const toml::parse_result parsed = toml::parse(std::string_view(text.constData(), static_cast<size_t>(text.size())));
    if (!parsed) {
        const std::string_view why = parsed.error().description();
        return broken(path, Words::tr("line %1: %2")
                                .arg(parsed.error().source().begin.line)
                                .arg(base::visible(QString::fromUtf8(why.data(), static_cast<qsizetype>(why.size())))));
    }
    const toml::table &table = parsed.table();
    if (table.contains("registries"))
        return broken(path, Words::tr("it is of version 1; version 2 has [[registry]] tables"));
    if (const toml::array *registries = table["registry"].as_array()) {
        for (const toml::node &node : *registries) {
            if (!node.is_table())
                return broken(path, Words::tr("a registry is no table"));
            auto rule = ruleIn(*node.as_table(), path);
            if (!rule)
                return base::fail(rule.error());
            m_rules.removeIf([&](const Rule &other) { return other.prefix == rule->prefix; });
            m_rules.append(*rule);
        }
    }
    if (table.contains("unqualified-search-registries"))
        m_searched = textsIn(table, "unqualified-search-registries");
    if (table.contains("credential-helpers")) {
        m_helpers = textsIn(table, "credential-helpers");
        m_helpersFile = path;
    }
    if (const toml::table *aliases = table["aliases"].as_table()) {
        for (const auto &[key, value] : *aliases) {
            const std::string_view name = key.str();
            m_aliases.insert(QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())),
                             QString::fromStdString(value.value_or(std::string())));
        }
    }
    return {};
}

const RegistriesConf::Rule *RegistriesConf::ruleFor(const oci::Reference &reference) const
{
    const QString name = nameOf(reference);
    const Rule *best = nullptr;
    for (const Rule &rule : m_rules) {
        if (fitOf(rule.prefix, name) >= 0 && (!best || rule.prefix.size() > best->prefix.size()))
            best = &rule;
    }
    return best;
}

QList<RegistriesConf::Source> RegistriesConf::sourcesOf(const oci::Reference &reference) const
{
    const Rule *rule = ruleFor(reference);
    if (!rule)
        return {{reference, false, true}};
    const QString rest = nameOf(reference).mid(fitOf(rule->prefix, nameOf(reference)));
    QList<Source> sources;
    const auto add = [&](const Place &place) {
        if (place.location.isEmpty() || place.location == rule->prefix) {
            sources.append({reference, place.isInsecure, true});
            return;
        }
        // A location that makes no reference leads nowhere.
        if (const auto moved = oci::Reference::parse(QString(place.location + rest)))
            sources.append({*moved, place.isInsecure, false});
    };
    const Pulls wanted = reference.digest().isNull() ? Pulls::ByTag : Pulls::ByDigest;
    for (const Place &mirror : rule->mirrors) {
        if (mirror.pulls == Pulls::All || mirror.pulls == wanted)
            add(mirror);
    }
    add(rule->place);
    return sources;
}

base::Result<content::NamedImage> RegistriesConf::named(const QString &typed) const
{
    const QString text = oci::referenceIn(typed);
    if (!oci::Reference::isShort(text)) {
        const auto reference = oci::Reference::parse(text);
        if (!reference)
            return base::fail(reference.error());
        return content::NamedImage{*reference, {}};
    }
    // An alias stands for a name; tag and digest stay.
    const qsizetype end = std::min({text.indexOf(u':') < 0 ? text.size() : text.indexOf(u':'),
                                    text.indexOf(u'@') < 0 ? text.size() : text.indexOf(u'@')});
    const QString shown = base::visible(text, 300);
    QString whole = text;
    QString why;
    if (const QString alias = m_aliases.value(text.left(end)); !alias.isEmpty()) {
        whole = alias + text.mid(end);
        why = Words::tr("an alias in registries.conf");
    } else if (m_searched.size() == 1) {
        whole = m_searched.constFirst() + u'/' + text;
        why = Words::tr("the one registry that registries.conf has searched");
    } else if (m_searched.size() > 1) {
        QStringList candidates;
        for (const QString &registry : m_searched)
            candidates.append(base::visible(registry + u'/' + text, 300));
        return base::fail(base::ErrorKind::Usage,
                          Words::tr("“%1” names no registry, and registries.conf has several searched.").arg(shown),
                          Words::tr("Write which one is meant: %1.").arg(candidates.join(Words::tr(" or "))));
    }
    const auto reference = oci::Reference::parse(whole);
    if (!reference)
        return base::fail(reference.error());
    const QString full = reference->toString();
    return content::NamedImage{*reference, why.isEmpty()
                                               ? Words::tr("“%1” is short for %2.").arg(shown, full)
                                               : Words::tr("“%1” is short for %2 (%3).").arg(shown, full, why)};
}

} // namespace colophon::registry::trust
