// SPDX-License-Identifier: Apache-2.0
#include "session/keychain.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

#include <qt6keychain/keychain.h>

namespace colophon::session {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Keychain)
};

// A keychain's job as something to wait for. It wakes from the event loop, never inside the job's own signal.
class Waiting final : public QObject
{
public:
    bool isDone = false;
    QKeychain::Error error = QKeychain::NoError;
    QString errorText;
    base::Secret data;
    base::Event event;
};
using WaitingPtr = std::shared_ptr<Waiting>;

template <class Job>
Job *jobFor(const QString &service, const QString &registry)
{
    auto *job = new Job(service);
    job->setKey(registry);
    job->setInsecureFallback(false); // rather nothing than in clear
    return job;
}

// Ends at once when it is stopped; what the keychain asks a person meanwhile goes unheard.
base::Task<WaitingPtr> perform(QKeychain::Job *job, std::stop_token stop)
{
    const WaitingPtr waiting(new Waiting, [](Waiting *each) { each->deleteLater(); });
    const auto wake = [waiting] {
        QMetaObject::invokeMethod(waiting.get(), [waiting] { waiting->event.notify(); }, Qt::QueuedConnection);
    };
    const std::stop_callback<std::function<void()>> onStop(stop, wake);
    QObject::connect(job, &QKeychain::Job::finished, waiting.get(), [waiting, wake](QKeychain::Job *done) {
        waiting->isDone = true;
        waiting->error = done->error();
        waiting->errorText = done->errorString();
        if (auto *reading = qobject_cast<QKeychain::ReadPasswordJob *>(done))
            waiting->data = base::Secret(reading->binaryData());
        wake();
    });
    job->start(); // deletes itself
    while (!waiting->isDone && !stop.stop_requested())
        co_await waiting->event;
    co_return WaitingPtr(waiting);
}

base::Error failureOf(const WaitingPtr &done, const QString &what)
{
    base::Error error;
    error.operation = what;
    switch (done->error) {
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        error.kind = base::ErrorKind::Denied;
        error.message = Text::tr("The keychain was not unlocked.");
        break;
    case QKeychain::NoBackendAvailable:
        error.message = Text::tr("There is no keychain on this desktop.");
        break;
    default:
        error.message = done->errorText.isEmpty() ? Text::tr("The keychain cannot be used.")
                                                  : Text::tr("The keychain cannot be used: %1").arg(done->errorText);
    }
    return error;
}

base::Task<bool> isThere(QString service)
{
    // An entry that nobody makes: a keychain says that it has none, without being unlocked.
    auto *job = jobFor<QKeychain::ReadPasswordJob>(service, QStringLiteral("is anybody there?"));
    const WaitingPtr done = co_await perform(job, {});
    co_return done->error == QKeychain::NoError || done->error == QKeychain::EntryNotFound;
}

base::Task<base::Result<std::optional<content::Credential>>> findIn(QString service, QString registry,
                                                                    std::stop_token stop)
{
    using Found = std::optional<content::Credential>;
    const QString operation = Text::tr("read the password for %1 from the keychain").arg(registry);
    auto *job = jobFor<QKeychain::ReadPasswordJob>(service, registry);
    const WaitingPtr done = co_await perform(job, stop);
    if (!done->isDone)
        co_return base::cancelled();
    if (done->error == QKeychain::EntryNotFound) // somebody took it out by other means
        co_return Found();
    if (done->error != QKeychain::NoError)
        co_return base::fail(failureOf(done, operation));
    const QJsonObject object = QJsonDocument::fromJson(done->data.reveal()).object();
    content::Credential credential;
    credential.user = object.value(QLatin1String("user")).toString();
    credential.password = base::Secret(object.value(QLatin1String("password")).toString().toUtf8());
    if (credential.user.isEmpty() || credential.password.isEmpty()) {
        base::Error error;
        error.kind = base::ErrorKind::InvalidData;
        error.operation = operation;
        error.message = Text::tr("What the keychain has for %1 is no user and password.").arg(registry);
        co_return base::fail(error);
    }
    co_return Found(credential);
}

base::Task<base::Result<void>> saveIn(Settings *settings, QString service, QString registry,
                                      content::Credential credential)
{
    auto *job = jobFor<QKeychain::WritePasswordJob>(service, registry);
    job->setBinaryData(QJsonDocument({{QStringLiteral("user"), credential.user},
                                      {QStringLiteral("password"), QString::fromUtf8(credential.password.reveal())}})
                           .toJson(QJsonDocument::Compact));
    const WaitingPtr done = co_await perform(job, {});
    if (done->error != QKeychain::NoError)
        co_return base::fail(failureOf(done, Text::tr("keep the password for %1 in the keychain").arg(registry)));
    settings->addSavedLogin(registry, credential.user);
    co_return base::Result<void>();
}

base::Task<base::Result<void>> removeFrom(Settings *settings, QString service, QString registry)
{
    auto *job = jobFor<QKeychain::DeletePasswordJob>(service, registry);
    const WaitingPtr done = co_await perform(job, {});
    if (done->error != QKeychain::NoError && done->error != QKeychain::EntryNotFound)
        co_return base::fail(failureOf(done, Text::tr("take the password for %1 out of the keychain").arg(registry)));
    settings->removeSavedLogin(registry);
    co_return base::Result<void>();
}

base::Task<base::Result<std::optional<content::Credential>>> nothing()
{
    co_return std::optional<content::Credential>();
}

} // namespace

Keychain::Keychain(Settings &settings, QString service)
    : m_settings(settings)
    , m_service(std::move(service))
{
}

base::Task<bool> Keychain::isAvailable() { return isThere(m_service); }

base::Task<base::Result<std::optional<content::Credential>>> Keychain::find(QString registry, std::stop_token stop)
{
    return m_settings.savedLogins().contains(registry) ? findIn(m_service, registry, stop) : nothing();
}

base::Task<base::Result<void>> Keychain::save(QString registry, content::Credential credential)
{
    return saveIn(&m_settings, m_service, registry, std::move(credential));
}

base::Task<base::Result<void>> Keychain::remove(QString registry)
{
    return removeFrom(&m_settings, m_service, registry);
}

QList<content::CredentialStore::Entry> Keychain::entries() const
{
    QList<Entry> all;
    const QMap<QString, QString> logins = m_settings.savedLogins();
    for (auto it = logins.cbegin(); it != logins.cend(); ++it)
        all.append({it.key(), it.value()});
    return all;
}

} // namespace colophon::session
