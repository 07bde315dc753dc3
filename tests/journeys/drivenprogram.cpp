// SPDX-License-Identifier: Apache-2.0
#include "journeys/drivenprogram.h"

#include <QTest>

namespace colophon::test {

DrivenProgram::DrivenProgram(const QTemporaryDir &home, const QStringList &arguments, const QString &errors)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("XDG_CONFIG_HOME"), home.filePath(QStringLiteral("config")));
    environment.insert(QStringLiteral("XDG_DATA_HOME"), home.filePath(QStringLiteral("data")));
    environment.insert(QStringLiteral("XDG_CACHE_HOME"), home.filePath(QStringLiteral("cache")));
    environment.insert(QStringLiteral("HOME"), home.path());
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    environment.insert(QStringLiteral("QT_PLUGIN_PATH"), QStringLiteral(COLOPHON_DRIVER));
    environment.insert(QStringLiteral("QT_QPA_GENERIC_PLUGINS"), QStringLiteral("colophondriver"));
    m_process.setProcessEnvironment(environment);
    if (errors.isEmpty())
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    else
        m_process.setStandardErrorFile(errors);
    m_process.start(QStringLiteral(COLOPHON_PROGRAM), arguments);
}

DrivenProgram::~DrivenProgram()
{
    m_process.kill();
    m_process.waitForFinished();
}

bool DrivenProgram::tell(const QString &line, QStringList *answer)
{
    m_process.write(line.toUtf8() + '\n');
    for (;;) {
        while (!m_process.canReadLine())
            if (!m_process.waitForReadyRead(longest))
                return false;
        const QByteArray read = m_process.readLine();
        m_said += read;
        const QString said = QString::fromUtf8(read).trimmed();
        if (said == QLatin1String("ok") || said == QLatin1String("no"))
            return said == QLatin1String("ok");
        if (answer)
            answer->append(said);
    }
}

bool DrivenProgram::bring(const QString &line)
{
    return QTest::qWaitFor([&] { return tell(line); }, longest);
}

QString DrivenProgram::texts()
{
    QStringList all;
    tell(QStringLiteral("texts"), &all);
    return all.join(QLatin1Char('\n'));
}

bool DrivenProgram::shows(const QString &text)
{
    return QTest::qWaitFor([&] { return texts().contains(text); }, longest);
}

bool DrivenProgram::end()
{
    m_process.kill();
    return m_process.waitForFinished() && m_process.exitStatus() == QProcess::CrashExit;
}

} // namespace colophon::test
