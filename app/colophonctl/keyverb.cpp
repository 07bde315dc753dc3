// SPDX-License-Identifier: Apache-2.0

// `key create`: a new pair of keys, as cosign would make it.

#include "base/plaintext.h"
#include "colophonctl/secrets.h"
#include "colophonctl/verb.h"
#include "signing/keypair.h"

#include <QCoreApplication>
#include <QJsonObject>

namespace colophon::ctl {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Key)
};

struct Options
{
    std::string prefix;
    bool passphraseFromStdin = false;
};

base::Result<base::Secret> newPassphrase(const Options &options)
{
    if (options.passphraseFromStdin)
        return lineFromStdin(Text::tr("the passphrase"));
    if (qEnvironmentVariableIsSet("COSIGN_PASSWORD"))
        return base::Secret(qgetenv("COSIGN_PASSWORD"));
    const QString hint =
        Text::tr("Give one with --passphrase-stdin or in COSIGN_PASSWORD; it may be empty, which protects nothing.");
    auto once = askOnTerminal(Text::tr("Passphrase for the new key:"));
    if (!once)
        return base::fail(base::ErrorKind::Usage, Text::tr("A new key needs a passphrase."), hint);
    const auto twice = askOnTerminal(Text::tr("The same again:"));
    if (!twice || twice->reveal() != once->reveal())
        return base::fail(base::ErrorKind::Usage, Text::tr("The two passphrases differ. Nothing was written."));
    return once;
}

base::Task<base::Result<int>> create(SessionPtr session, Options options)
{
    const QString prefix = QString::fromStdString(options.prefix);
    if (const auto can = signing::canCreateKeyPair(prefix); !can)
        co_return base::fail(can.error());
    const auto passphrase = newPassphrase(options);
    if (!passphrase)
        co_return base::fail(passphrase.error());
    const auto made = signing::createKeyPair(prefix, *passphrase);
    if (!made)
        co_return base::fail(made.error());
    const signing::KeyPairFiles files = signing::keyPairFiles(prefix);
    Printer &printer = session->printer();
    if (printer.isJson())
        printer.json({{QStringLiteral("privateKey"), files.privateKey},
                      {QStringLiteral("publicKey"), files.publicKey},
                      {QStringLiteral("algorithm"), made->algorithm()},
                      {QStringLiteral("fingerprint"), made->fingerprint()}});
    else if (!printer.isQuiet())
        printer.text(Text::tr("Wrote %1 and %2: %3.")
                         .arg(base::visible(files.privateKey), base::visible(files.publicKey), made->description()));
    co_return exitDone;
}

class KeyVerb final : public Verb
{
public:
    CLI::App *addTo(CLI::App &app) override
    {
        CLI::App *verb = app.add_subcommand("key", "Make keys");
        verb->require_subcommand(1);
        CLI::App *create = verb->add_subcommand("create", "Make a key pair: PREFIX.key, which signs, and PREFIX.pub");
        create->add_option("PREFIX", m_options.prefix, "Path and name of the files, without their endings")->required();
        create->add_flag("--passphrase-stdin", m_options.passphraseFromStdin,
                         "Read its passphrase from standard input (else COSIGN_PASSWORD, else asked on the terminal)");
        return verb;
    }
    base::Task<base::Result<int>> run(SessionPtr session) override { return create(std::move(session), m_options); }

private:
    Options m_options;
};

} // namespace

std::unique_ptr<Verb> makeKey() { return std::make_unique<KeyVerb>(); }

} // namespace colophon::ctl
