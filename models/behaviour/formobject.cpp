// SPDX-License-Identifier: Apache-2.0
#include "behaviour/formobject.h"

#include <QCoreApplication>
#include <QUrl>

namespace colophon::behaviour {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::behaviour::Knowledge)
};
} // namespace

FormObject::FormObject(const QJsonValue &value, QString place, QString *error)
    : m_object(value.toObject())
    , m_place(std::move(place))
    , m_error(error)
{
    if (!value.isObject())
        fail(Text::tr("is no object"));
}

QString FormObject::text(const QString &name, bool required)
{
    const QJsonValue value = take(name, required);
    if (!value.isUndefined() && (!value.isString() || value.toString().trimmed().isEmpty()))
        fail(Text::tr("“%1” is no text").arg(name));
    return value.toString();
}

bool FormObject::flag(const QString &name)
{
    const QJsonValue value = take(name, false);
    if (!value.isUndefined() && !value.isBool())
        fail(Text::tr("“%1” is neither true nor false").arg(name));
    return value.toBool();
}

QJsonArray FormObject::list(const QString &name, bool required, bool mayBeEmpty)
{
    const QJsonValue value = take(name, required);
    const QJsonArray array = value.toArray();
    if (!value.isUndefined() && (!value.isArray() || (array.isEmpty() && !mayBeEmpty)))
        fail(Text::tr("“%1” is no list, or an empty one").arg(name));
    return array;
}

QStringList FormObject::texts(const QString &name, bool required)
{
    QStringList texts;
    for (const QJsonValue value : list(name, required)) {
        if (!value.isString() || value.toString().isEmpty() || texts.contains(value.toString()))
            fail(Text::tr("“%1” has what is no text, or the same one twice").arg(name));
        texts.append(value.toString());
    }
    return texts;
}

std::optional<bool> FormObject::either(const QString &name, const QString &yes, const QString &no)
{
    const QString spelled = text(name, false);
    if (spelled == yes)
        return true;
    if (spelled == no)
        return false;
    refuse(name, spelled);
    return std::nullopt;
}

std::optional<Version> FormObject::version(const QString &name)
{
    const QString spelled = text(name, false);
    const std::optional<Version> version = Version::readStrictly(spelled);
    if (!version && !spelled.isEmpty())
        fail(Text::tr("“%1” is no version: %2").arg(name, spelled));
    return version;
}

QString FormObject::date(const QString &name, bool required)
{
    const QString spelled = text(name, required);
    if (!spelled.isEmpty() && dateInWords(spelled).isEmpty())
        fail(Text::tr("“%1” is no date: %2").arg(name, spelled));
    return spelled;
}

QString FormObject::link(const QString &name, bool required)
{
    const QString spelled = text(name, required);
    const QUrl url(spelled, QUrl::StrictMode);
    const bool isWeb = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (!spelled.isEmpty() && (!isWeb || url.host().isEmpty() || !url.userInfo().isEmpty()))
        fail(Text::tr("“%1” is no address of a page: %2").arg(name, spelled));
    return spelled;
}

QString FormObject::sentence(const QString &name)
{
    const QString sentence = text(name);
    if (!sentence.endsWith(QLatin1Char('.')))
        fail(Text::tr("the sentence does not end"));
    return sentence;
}

FormObject FormObject::object(const QString &name)
{
    return {take(name, true), m_place + QLatin1Char('/') + name, m_error};
}

void FormObject::fail(const QString &what)
{
    if (m_error->isEmpty())
        *m_error = m_place.isEmpty() ? what : m_place + QLatin1String(": ") + what;
}

void FormObject::end()
{
    for (const QString &name : m_object.keys())
        if (!m_asked.contains(name))
            fail(Text::tr("“%1” is not known").arg(name));
}

QJsonValue FormObject::take(const QString &name, bool required)
{
    m_asked.insert(name);
    const QJsonValue value = m_object.value(name);
    if (required && value.isUndefined())
        fail(Text::tr("“%1” is missing").arg(name));
    return value;
}

void FormObject::refuse(const QString &name, const QString &spelled)
{
    if (!spelled.isEmpty())
        fail(Text::tr("“%1” may not be “%2”").arg(name, spelled));
}

} // namespace colophon::behaviour
