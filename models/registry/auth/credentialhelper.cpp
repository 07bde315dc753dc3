// SPDX-License-Identifier: Apache-2.0
#include "registry/auth/credentialhelper.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "registry/http/bell.h"
#include "registry/words.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>

#include <algorithm>
#include <memory>

namespace colophon::registry::auth {

namespace {

using base::ErrorKind;

constexpr int longestWords = 300; // characters of what a helper says that are of use to a person

// A user name that says that the secret is an identity token.
const QString tokenUser = QStringLiteral("<token>");

base::Error failureOf(const QString &program, const QString &why)
{
    base::Error error;
    error.kind = ErrorKind::Unauthorized;
    error.message = Words::tr("The credential helper %1 failed: %2").arg(program, why);
    error.hint = Words::tr("Mend it or take it out of the file that names it, or give a user name and a password.");
    return error;
}

// The process goes on by itself until it is gone, so that nobody waits for it.
struct Kill
{
    void operator()(QProcess *process) const
    {
        process->disconnect();
        if (process->state() == QProcess::NotRunning) {
            process->deleteLater();
            return;
        }
        QObject::connect(process, &QProcess::finished, process, &QObject::deleteLater);
        process->closeReadChannel(QProcess::StandardOutput);
        process->kill();
    }
};
using ProcessPtr = std::unique_ptr<QProcess, Kill>;

struct Said
{
    QByteArray output;
    int exitCode = 0;
    bool crashed = false;
};

base::Task<base::Result<Said>> run(CredentialHelper helper, QString program, QString path, QByteArray input,
                                   std::stop_token stop)
{
    http::Bell bell;
    const http::RingOnStop onStop(stop, bell);
    const QDeadlineTimer deadline(helper.patience);
    const ProcessPtr process(new QProcess);
    process->setStandardErrorFile(QProcess::nullDevice());
    const auto ring = [&bell] { bell.ring(); };
    QObject::connect(process.get(), &QProcess::readyReadStandardOutput, bell.context(), ring);
    QObject::connect(process.get(), &QProcess::finished, bell.context(), ring);
    QObject::connect(process.get(), &QProcess::errorOccurred, bell.context(), ring);
    process->start(path, {QStringLiteral("get")});
    process->write(input);
    process->closeWriteChannel();
    Said said;
    for (;;) {
        said.output += process->read(base::limits::helperOutput + 1 - said.output.size());
        if (stop.stop_requested())
            co_return base::cancelled();
        if (said.output.size() > base::limits::helperOutput)
            co_return base::fail(failureOf(program, Words::tr("it says more than anyone can use.")));
        if (process->state() == QProcess::NotRunning)
            break;
        if (deadline.hasExpired()) {
            const auto seconds = std::chrono::ceil<std::chrono::seconds>(helper.patience).count();
            co_return base::fail(failureOf(program, Words::tr("it did not answer within %1 s.").arg(seconds)));
        }
        bell.ringAt(deadline);
        co_await bell.event();
    }
    if (process->error() == QProcess::FailedToStart)
        co_return base::fail(failureOf(program, Words::tr("it cannot be started.")));
    said.crashed = process->exitStatus() != QProcess::NormalExit;
    said.exitCode = process->exitCode();
    co_return std::move(said);
}

// Its first line, as far as it is no JSON: that could be the secret itself.
QString wordsOf(const QByteArray &output)
{
    const QByteArray trimmed = output.trimmed();
    if (trimmed.isEmpty() || trimmed.contains('{'))
        return Words::tr("it gives no reason.");
    const QByteArray line = trimmed.split('\n').constFirst().trimmed();
    return Words::tr("it says \"%1\".").arg(base::visible(QString::fromUtf8(line), longestWords));
}

base::Result<std::optional<FoundCredential>> read(const Said &said, const QString &program)
{
    if (said.crashed)
        return base::fail(failureOf(program, Words::tr("it crashed.")));
    if (said.exitCode != 0) {
        // The protocol has no other way to say so than these very words.
        if (said.output.trimmed() == "credentials not found in native keychain")
            return std::nullopt;
        return base::fail(failureOf(program, wordsOf(said.output)));
    }
    const QJsonObject object = QJsonDocument::fromJson(said.output).object();
    const QJsonValue user = object.value(QLatin1String("Username"));
    const QJsonValue secret = object.value(QLatin1String("Secret"));
    if (!user.isString() || !secret.isString())
        return base::fail(failureOf(program, Words::tr("its answer is no credential.")));
    FoundCredential found;
    if (user.toString() == tokenUser) {
        found.identityToken = base::Secret(secret.toString().toUtf8());
    } else {
        found.user = user.toString();
        found.password = base::Secret(secret.toString().toUtf8());
        if (found.user.isEmpty() || found.user.contains(u':'))
            return base::fail(failureOf(program, Words::tr("its answer holds no usable user name.")));
    }
    return found.isEmpty() ? std::nullopt : std::optional(std::move(found));
}

} // namespace

bool CredentialHelper::isName(const QString &name)
{
    static const QRegularExpression pattern(QStringLiteral("\\A[A-Za-z0-9_][A-Za-z0-9._-]{0,63}\\z"));
    return pattern.match(name).hasMatch();
}

base::Task<base::Result<std::optional<FoundCredential>>> CredentialHelper::get(CredentialHelper helper, QString server,
                                                                               std::stop_token stop)
{
    const QString program = QStringLiteral("docker-credential-") + base::visible(helper.name, 80);
    if (!isName(helper.name))
        co_return base::fail(failureOf(program, Words::tr("that is no name of a program.")));
    const auto isControl = [](QChar c) { return c < u' ' || c == QChar(0x7F); };
    if (std::ranges::any_of(server, isControl))
        co_return base::fail(failureOf(program, Words::tr("the registry's name holds control characters.")));
    // An empty list would have Qt look through PATH, in which "." may stand.
    const QString path =
        helper.searchPath.isEmpty() ? QString() : QStandardPaths::findExecutable(program, helper.searchPath);
    if (path.isEmpty())
        co_return base::fail(failureOf(program, Words::tr("there is no such program on PATH.")));
    auto said = co_await run(helper, program, path, server.toUtf8(), stop);
    if (!said)
        co_return base::fail(said.error());
    auto found = read(*said, program);
    const base::Secret wiped(std::move(said->output));
    co_return found;
}

} // namespace colophon::registry::auth
