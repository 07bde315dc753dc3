// SPDX-License-Identifier: Apache-2.0
#include "app/command.h"

#include <QTest>

namespace colophon::test {

Command::Command()
    : m_environment(plainEnvironment(m_home.path()))
{
}

QString Command::program() { return QStringLiteral(COLOPHONCTL); }

Ran Command::operator()(const QStringList &arguments, const QByteArray &input) const
{
    return run(program(), arguments, m_environment, input);
}

QJsonObject Command::json(QStringList arguments, int exitCode) const
{
    arguments.prepend(QStringLiteral("--json"));
    const Ran ran = (*this)(arguments);
    const QJsonObject object = objectIn(ran.out);
    if (ran.exitCode != exitCode || object.isEmpty()) {
        qWarning("%s", qPrintable(ran.text()));
        return {};
    }
    return object;
}

QJsonObject objectIn(const QByteArray &text) { return QJsonDocument::fromJson(text).object(); }

QStringList namesIn(const QJsonObject &object) { return object.keys(); }

QString demoKey() { return QStringLiteral(COLOPHON_RESOURCES "/demo/demo.key"); }
QString demoPublicKey() { return QStringLiteral(COLOPHON_RESOURCES "/demo/demo.pub"); }

} // namespace colophon::test
