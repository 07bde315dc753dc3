// SPDX-License-Identifier: Apache-2.0
#pragma once

// One object of a data file, read strictly by the form (resources/behaviour/schema.json): each member is asked for
// once, what is left over is an error, and the first error of a file counts.

#include "behaviour/version.h"
#include "behaviour/words.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QSet>
#include <QString>
#include <QStringList>

#include <optional>

namespace colophon::behaviour {

class FormObject
{
public:
    // `place` is where it stands in the file, for `error`, which is filled where it is empty and something is wrong.
    FormObject(const QJsonValue &value, QString place, QString *error);

    QString text(const QString &name, bool required = true);
    int number(const QString &name) { return take(name, true).toInt(); }
    bool flag(const QString &name);
    QJsonArray list(const QString &name, bool required = true, bool mayBeEmpty = false);
    QStringList texts(const QString &name, bool required = true);
    template <class T>
    std::optional<T> word(const QString &name, bool required = true)
    {
        const QString spelled = text(name, required);
        const std::optional<T> word = readWord<T>(spelled);
        if (!word)
            refuse(name, spelled);
        return word;
    }
    // One of two words, as true and false.
    std::optional<bool> either(const QString &name, const QString &yes, const QString &no);
    std::optional<Version> version(const QString &name);
    QString date(const QString &name, bool required);
    // A page to read on: nothing but http and https is ever shown as one.
    QString link(const QString &name, bool required);
    QString sentence(const QString &name);
    FormObject object(const QString &name);
    bool has(const QString &name) const { return m_object.contains(name); }
    // Each element of a list, with its place.
    template <class Read>
    void forEach(const QString &name, const QJsonArray &list, Read read)
    {
        for (qsizetype i = 0; i < list.size(); ++i) {
            FormObject element(list[i], QStringLiteral("%1/%2/%3").arg(m_place, name).arg(i), m_error);
            read(element);
            element.end();
        }
    }

    void fail(const QString &what);
    bool hasFailed() const { return !m_error->isEmpty(); }
    void end(); // whatever was not asked for is not known

private:
    QJsonValue take(const QString &name, bool required);
    void refuse(const QString &name, const QString &spelled); // as a word; nothing where there is none

    QJsonObject m_object;
    QString m_place;
    QString *m_error;
    QSet<QString> m_asked;
};

} // namespace colophon::behaviour
