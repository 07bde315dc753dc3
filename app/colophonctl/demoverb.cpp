// SPDX-License-Identifier: Apache-2.0

// `demo`: the demo registry by itself, until Ctrl-C, for trying this and other tools on it.

#include "base/plaintext.h"
#include "colophonctl/verb.h"
#include "demo/demoregistry.h"

#include <QCoreApplication>
#include <QFile>
#include <QHostAddress>
#include <QJsonArray>
#include <QTemporaryDir>

namespace colophon::ctl {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Demo)
};

// ADDRESS:PORT, :PORT or PORT.
base::Result<demo::Options> listenOn(const QString &text)
{
    demo::Options options;
    if (text.isEmpty())
        return options;
    const qsizetype colon = text.lastIndexOf(QLatin1Char(':'));
    QString address = text.left(std::max<qsizetype>(0, colon));
    if (address.startsWith(QLatin1Char('[')) && address.endsWith(QLatin1Char(']')))
        address = address.mid(1, address.size() - 2);
    if (address == QLatin1String("localhost"))
        address = options.address;
    bool isNumber = false;
    options.port = text.mid(colon + 1).toUShort(&isNumber);
    if (!isNumber)
        return base::fail(base::ErrorKind::Usage, Text::tr("--listen takes ADDRESS:PORT, for example 127.0.0.1:5000."));
    if (!address.isEmpty())
        options.address = address;
    if (!QHostAddress(options.address).isLoopback())
        return base::fail(
            base::ErrorKind::Usage,
            Text::tr("The demo registry has no access control, so it listens on loopback only, and not on %1.")
                .arg(base::visible(options.address)));
    return options;
}

// Keys as files that other tools can read; empty where that fails.
struct KeyFiles
{
    QString signing;      // the throwaway key; its public half lies beside it
    QString publicVendor; // of whoever signed demo/signed
};
KeyFiles keysIn(const QTemporaryDir &directory, const demo::DemoRegistry &registry)
{
    const auto write = [&directory](const QString &name, const QByteArray &bytes) {
        QFile file(directory.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
               file.write(bytes) == bytes.size();
    };
    KeyFiles files;
    if (!directory.isValid())
        return files;
    if (write(QStringLiteral("demo.key"), demo::demoPrivateKey()) &&
        write(QStringLiteral("demo.pub"), demo::demoPublicKey()))
        files.signing = directory.filePath(QStringLiteral("demo.key"));
    if (write(QStringLiteral("vendor.pub"), registry.vendorKey()))
        files.publicVendor = directory.filePath(QStringLiteral("vendor.pub"));
    return files;
}

void announce(Printer &printer, const demo::DemoRegistry &registry, const KeyFiles &keys)
{
    const QList<demo::DemoReference> references = registry.references();
    if (printer.isJson()) {
        QJsonArray images;
        for (const demo::DemoReference &each : references)
            images.append(QJsonObject{{QStringLiteral("reference"), each.reference},
                                      {QStringLiteral("description"), each.description}});
        printer.json({{QStringLiteral("registry"), registry.host()},
                      {QStringLiteral("references"), images},
                      {QStringLiteral("key"), keys.signing},
                      {QStringLiteral("vendorKey"), keys.publicVendor}});
        return;
    }
    QList<QStringList> rows;
    for (const demo::DemoReference &each : references)
        rows.append({each.reference, each.description});
    printer.text(
        Text::tr("The demo registry listens on %1 (plain http, no password) until Ctrl-C.").arg(registry.host()));
    for (const QString &line : aligned(rows, QStringLiteral("  ")))
        printer.text(line);
    if (!keys.signing.isEmpty())
        printer.text(Text::tr("A signing key for trying, worth nothing, without a passphrase: %1").arg(keys.signing));
    if (!keys.publicVendor.isEmpty())
        printer.text(Text::tr("The public key that the signed image verifies with: %1").arg(keys.publicVendor));
    printer.text(Text::tr("Try: colophonctl inspect %1").arg(references.constFirst().reference));
}

base::Task<base::Result<int>> serve(SessionPtr session, std::string listen)
{
    const auto options = listenOn(QString::fromStdString(listen));
    if (!options)
        co_return base::fail(options.error());
    demo::DemoRegistry registry(*options);
    if (!registry.start())
        co_return base::fail(base::ErrorKind::Failed, registry.errorString(),
                             Text::tr("Choose another with --listen."));
    const QTemporaryDir keys;
    announce(session->printer(), registry, keysIn(keys, registry));
    if (session->printer().hasLostOutput()) // nobody knows where it is
        co_return exitDone;
    base::Event woken;
    const std::stop_callback wake(session->stopToken(), [&woken] { woken.notify(); });
    while (!session->stopToken().stop_requested())
        co_await woken;
    co_return exitDone;
}

class DemoVerb final : public Verb
{
public:
    CLI::App *addTo(CLI::App &app) override
    {
        CLI::App *verb = app.add_subcommand("demo", "Run the demo registry until Ctrl-C");
        verb->add_option("--listen", m_listen,
                         "Where: ADDRESS:PORT on loopback; a free port of its own choice without it")
            ->type_name("ADDR");
        return verb;
    }
    base::Task<base::Result<int>> run(SessionPtr session) override { return serve(std::move(session), m_listen); }

private:
    std::string m_listen;
};

} // namespace

std::unique_ptr<Verb> makeDemo() { return std::make_unique<DemoVerb>(); }

} // namespace colophon::ctl
