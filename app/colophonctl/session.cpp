// SPDX-License-Identifier: Apache-2.0
#include "colophonctl/session.h"

#include "base/plaintext.h"
#include "colophonctl/secrets.h"
#include "colophonctl/verb.h"
#include "signing/allforms.h"

#include <QCoreApplication>

namespace colophon::ctl {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Session)
};

base::Result<registry::ClientOptions> clientOptions(const CommonOptions &options, Printer &printer, Waits &waits)
{
    registry::ClientOptions client = registry::ClientOptions::ofThisComputer();
    auto registries = registry::trust::RegistriesConf::read(registry::trust::RegistriesConf::standardFiles());
    if (!registries)
        return base::fail(registries.error());
    client.registries = std::move(*registries);
    for (const std::string &text : options.trustFingerprints) {
        auto exception = content::CertificateException::parse(QString::fromStdString(text));
        if (!exception)
            return base::fail(exception.error().withOperation(Text::tr("read the command line")));
        client.certificateExceptions.append(std::move(*exception));
    }
    client.plainHttp = options.plainHttp;
    client.allowPrivateUrls = options.allowPrivateUrls;
    for (const std::string &host : options.allowRealms)
        client.allowRealms.append(QString::fromStdString(host));
    client.places = registry::auth::CredentialPlaces::ofThisUser(QString::fromStdString(options.authFile));
    client.transport.userAgent = "colophonctl/" COLOPHON_VERSION;
    client.transport.caFile = QString::fromStdString(options.caFile);
    // A copy within one registry holds two connections: one to read from and one to write to.
    client.transport.connectionsPerOrigin = std::max(client.transport.connectionsPerOrigin, 2 * options.jobs + 2);
    if (options.timeoutSeconds > 0) {
        const std::chrono::milliseconds timeout = std::chrono::seconds(options.timeoutSeconds);
        client.transport.connectTimeout = timeout;
        client.transport.firstByteTimeout = timeout;
        client.transport.idleTimeout = timeout;
        client.transport.slowTimeout = timeout;
    }
    client.patience.waiting = [&waits](const registry::retry::Waiting &waiting) { waits.tell(waiting); };
    if (options.verbose)
        client.say = [&printer](const QString &sentence) { printer.log(base::visible(sentence)); };
    if (options.verbose)
        client.log = [&printer](const content::RequestRecord &record) {
            if (record.stage != content::RequestRecord::Stage::Over)
                return;
            // In one go: an address holds %3A and the like, which the next arg() would take for a place of its own.
            printer.log(QStringLiteral("> %1 %2 %3, %4 bytes sent, %5 received, %6 ms, credentials: %7")
                            .arg(base::visible(QString::fromUtf8(record.method)), base::visible(record.url),
                                 record.status == 0 ? Text::tr("no answer") : QString::number(record.status),
                                 QString::number(record.bytesSent), QString::number(record.bytesReceived),
                                 QString::number(record.milliseconds), base::visible(record.credential)));
        };
    return client;
}

// The passphrase of one key: as the options say, else COSIGN_PASSWORD, else none is needed, else a terminal.
base::Result<base::Secret> passphraseOf(const QString &path, const std::optional<base::Secret> &fromStdin)
{
    if (fromStdin)
        return *fromStdin;
    if (qEnvironmentVariableIsSet("COSIGN_PASSWORD"))
        return base::Secret(qgetenv("COSIGN_PASSWORD"));
    const base::Result<bool> needed = signing::SigningKey::needsPassphrase(path);
    if (!needed)
        return base::fail(needed.error());
    if (!*needed)
        return base::Secret();
    auto answer = askOnTerminal(Text::tr("Passphrase for %1:").arg(base::visible(path)));
    if (!answer)
        return base::fail(base::ErrorKind::Usage, Text::tr("%1 needs a passphrase.").arg(base::visible(path)),
                          Text::tr("Give it with --passphrase-stdin or in COSIGN_PASSWORD."));
    return answer;
}

// The certificates of a key: as the options say, else those it came with.
base::Result<signing::CertificateChain> chainOf(const signing::SigningKey &key, const SigningOptions &options)
{
    if (!options.certificates.empty())
        return signing::CertificateChain::fromFiles({QString::fromStdString(options.certificates)});
    if (key.certificates().isEmpty())
        return signing::CertificateChain();
    const auto beside = signing::CertificateChain::fromDer(key.certificates(), key.publicKey().name());
    if (!beside)
        return base::fail(beside.error());
    return beside->inOrder(); // a PKCS#12 keeps none
}

} // namespace

Session::Session(CommonOptions options)
    : m_options(std::move(options))
    , m_printer(m_options.json, m_options.quiet)
    , m_waits(m_printer)
    , m_clientOptions(clientOptions(m_options, m_printer, m_waits))
    , m_client(m_clientOptions.value_or(registry::ClientOptions()))
{
    content::Attendant attendant;
    attendant.warned = [this](const QString &text) {
        m_printer.notice(QStringLiteral("warning"), m_printer.isJson() ? text : Text::tr("Warning: %1").arg(text));
    };
    m_client.setAttendant(std::move(attendant));
}

base::Result<void> Session::ready() const
{
    if (!m_clientOptions)
        return base::fail(m_clientOptions.error());
    return {};
}

base::Result<oci::Reference> Session::reference(const std::string &typed)
{
    const auto named = m_client.named(QString::fromStdString(typed));
    if (!named)
        return base::fail(named.error());
    if (!named->remark.isEmpty() && !m_remarks.contains(named->remark)) {
        m_remarks.append(named->remark);
        m_printer.remark(named->remark);
    }
    return named->reference;
}

base::Result<void> Session::signIn(const QString &registry)
{
    if (m_options.user.empty()) {
        if (m_options.passwordFromStdin)
            return base::fail(base::ErrorKind::Usage, Text::tr("--password-stdin needs --username."));
        return {};
    }
    content::Credential credential{QString::fromStdString(m_options.user), {}};
    auto password =
        m_options.passwordFromStdin
            ? lineFromStdin(Text::tr("the password"))
            : askOnTerminal(Text::tr("Password of %1 for %2:").arg(base::visible(credential.user), registry));
    if (!password)
        return base::fail(password.error().withHint(Text::tr("Give the password with --password-stdin.")));
    credential.password = std::move(*password);
    m_client.signIn(registry, std::move(credential));
    return {};
}

base::Result<content::Signers> Session::signersOf(const SigningOptions &options)
{
    const auto forms = signing::formsMeant(toStrings(options.formats));
    if (!forms)
        return base::fail(forms.error());
    content::Signers all;
    std::optional<base::Secret> fromStdin;
    if (options.passphraseFromStdin) {
        if (options.keys.empty())
            return base::fail(base::ErrorKind::Usage, Text::tr("--passphrase-stdin needs --key."));
        auto line = lineFromStdin(Text::tr("the passphrase"));
        if (!line)
            return base::fail(line.error());
        fromStdin = std::move(*line);
    }
    for (const std::string &name : options.keys) {
        const QString path = QString::fromStdString(name);
        auto passphrase = passphraseOf(path, fromStdin);
        if (!passphrase)
            return base::fail(passphrase.error());
        auto key = signing::SigningKey::fromFile(path, *passphrase);
        if (!key) {
            base::Error error = key.error();
            if (error.kind == base::ErrorKind::CheckFailed) // a wrong passphrase is no check's answer
                error.kind = base::ErrorKind::Failed;
            return base::fail(std::move(error));
        }
        const auto chain = chainOf(*key, options);
        if (!chain)
            return base::fail(chain.error());
        const auto signers = signing::signersFor(*key, *forms, *chain);
        if (!signers)
            return base::fail(signers.error());
        all += *signers;
    }
    return all;
}

base::Task<base::Result<void>> perform(SessionPtr session, transfer::Operation *operation)
{
    const auto woken = std::make_shared<base::Event>();
    Printer *const printer = &session->printer();
    QObject::connect(
        operation, &transfer::Operation::finished, operation, [woken] { woken->notify(); }, Qt::QueuedConnection);
    QObject::connect(operation, &transfer::Operation::activityChanged, operation,
                     [printer](const QString &what) { printer->activity(what); });
    QObject::connect(operation, &transfer::Operation::progressChanged, operation,
                     [printer](qint64 done, qint64 total) { printer->progress(done, total); });
    const std::stop_callback cancel(session->stopToken(), [operation] { operation->cancel(); });
    operation->start();
    while (!operation->isFinished())
        co_await *woken;
    printer->endProgress();
    if (operation->error())
        co_return base::fail(*operation->error());
    co_return base::Result<void>();
}

} // namespace colophon::ctl
