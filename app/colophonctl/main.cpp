// SPDX-License-Identifier: Apache-2.0

// colophonctl: reads the command line, runs one verb, turns its outcome into an exit code.

#include "base/plaintext.h"
#include "base/privateprocess.h"
#include "colophonctl/interrupt.h"
#include "colophonctl/verb.h"

#include <QCoreApplication>
#include <QTimer>

#include <csignal>
#include <ranges>
#include <span>
#include <sstream>

namespace colophon::ctl {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Command)
};

std::vector<std::unique_ptr<Verb>> allVerbs()
{
    std::vector<std::unique_ptr<Verb>> verbs;
    verbs.push_back(makeInspect());
    verbs.push_back(makeTag());
    verbs.push_back(makeTags());
    verbs.push_back(makeMark());
    verbs.push_back(makeUnmark());
    verbs.push_back(makeEdit());
    verbs.push_back(makeProbe());
    verbs.push_back(makeConsequences());
    verbs.push_back(makeBlob());
    verbs.push_back(makeSign());
    verbs.push_back(makeVerify());
    verbs.push_back(makeKey());
    verbs.push_back(makeDemo());
    return verbs;
}

void addCommon(CLI::App &app, CommonOptions &into)
{
    app.add_flag("--json", into.json, "Results and errors as JSON");
    app.add_flag("--quiet", into.quiet, "Only what was asked for, and errors");
    app.add_flag("--verbose", into.verbose,
                 "Every request and whose credential it carries on standard error, secrets masked");
    app.add_option("--username", into.user, "User name for the registry written to (of REF, or of --to)")
        ->type_name("NAME");
    app.add_flag("--password-stdin", into.passwordFromStdin,
                 "Read the password from standard input, its first line; a passphrase is then the second");
    app.add_option("--authfile", into.authFile,
                   "Take credentials from this file alone, an auth.json or config.json (else REGISTRY_AUTH_FILE, else "
                   "where podman and docker keep them)")
        ->type_name("FILE")
        ->check(CLI::ExistingFile.description(""));
    app.add_option("--ca-file", into.caFile, "Also trust the authorities in this PEM file")
        ->type_name("FILE")
        ->check(CLI::ExistingFile.description(""));
    app.add_option("--trust-fingerprint", into.trustFingerprints,
                   "Accept just this certificate of this server, whatever is wrong with it, and no other of it")
        ->type_name("HOST[:PORT]=SHA256:…")
        ->allow_extra_args(false);
    app.add_flag("--plain-http", into.plainHttp, "Use plain http beyond loopback too, also for credentials");
    app.add_flag("--allow-private-urls", into.allowPrivateUrls,
                 "Let layer addresses, redirects and token services lead into private networks");
    app.add_option("--allow-realm", into.allowRealms, "A token service elsewhere that may get the credentials")
        ->type_name("HOST")
        ->allow_extra_args(false);
    app.add_option("--jobs", into.jobs, "Transfers at the same time")
        ->type_name("N")
        ->check(CLI::Range(1, 64).description(""))
        ->capture_default_str();
    app.add_option("--timeout", into.timeoutSeconds, "Seconds without an answer or a byte before giving up")
        ->type_name("SECONDS")
        ->check(CLI::Range(1, 86'400).description(""));
}

// What is wrong with the words; CLI11 overlooks a verb it does not know when it misses one.
QString messageOf(const CLI::ParseError &error, const CLI::App &app)
{
    const std::vector<std::string> unknown = app.remaining();
    if (app.get_subcommands().empty() && !unknown.empty() && !unknown.front().starts_with('-'))
        return Text::tr("There is no verb “%1”.").arg(base::visible(QString::fromStdString(unknown.front())));
    const QString message = base::visible(QString::fromStdString(error.what()).trimmed());
    return message.endsWith(QLatin1Char('.')) ? message : message + QLatin1Char('.');
}

int usageError(const CLI::ParseError &error, const CLI::App &app, bool json)
{
    Printer printer(json, false);
    base::Error shown;
    shown.kind = base::ErrorKind::Usage;
    shown.operation = Text::tr("read the command line");
    shown.message = messageOf(error, app);
    shown.hint = Text::tr("`colophonctl --help` lists the verbs, `colophonctl VERB --help` their options.");
    printer.error(shown);
    return base::exitCode(base::ErrorKind::Usage);
}

base::Detached drive(SessionPtr session, Verb *verb)
{
    base::Result<int> outcome = base::exitCode(base::ErrorKind::Failed);
    if (const auto ready = session->ready(); ready)
        outcome = co_await verb->run(session);
    else
        outcome = base::fail(ready.error());
    if (!outcome)
        session->printer().error(outcome.error());
    session->printer().endProgress();
    if (!session->printer().closeOutput() && outcome)
        outcome = base::exitCode(base::ErrorKind::Failed); // an answer that nobody got is none
    QCoreApplication::exit(outcome ? *outcome : base::exitCode(outcome.error().kind));
}

int command(int argc, char **argv)
{
    base::keepMemoryPrivate();
    std::signal(SIGPIPE, SIG_IGN); // a reader that went is the errno of a write
    CLI::App app("Shows how each layer of a container image is marked, changes it, signs the image and pushes it.",
                 "colophonctl");
    app.fallthrough();
    app.set_version_flag("--version", "colophonctl " COLOPHON_VERSION);
    CommonOptions common;
    addCommon(app, common);
    const std::vector<std::unique_ptr<Verb>> verbs = allVerbs();
    std::vector<CLI::App *> words;
    words.reserve(verbs.size());
    for (const auto &verb : verbs)
        words.push_back(verb->addTo(app));
    app.require_subcommand(1);
    app.footer("Exit codes: 0 done, 1 failed, 2 usage, 3 not found, 4 conflict, 5 a check says no, 6 not allowed,\n"
               "7 pushed but not signed, 130 cancelled. The options above may stand before or after the verb.");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        if (error.get_exit_code() == 0) { // help and version
            std::ostringstream text;
            app.exit(error, text, text);
            Printer printer(false, false);
            printer.bytes(QByteArray::fromStdString(text.str()));
            return printer.closeOutput() ? exitDone : base::exitCode(base::ErrorKind::Failed);
        }
        const auto given = std::span(argv, static_cast<size_t>(argc));
        const bool json =
            std::ranges::any_of(given, [](const char *word) { return std::string_view(word) == "--json"; });
        return usageError(error, app, json);
    }

    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("colophonctl"));
    const auto session = std::make_shared<Session>(common);
    const Interrupt interrupt;
    QObject::connect(&interrupt, &Interrupt::interrupted, &application, [&session] { session->stop(); });
    const auto chosen = std::ranges::find_if(words, [](const CLI::App *word) { return word->parsed(); });
    Verb *const verb = verbs[static_cast<size_t>(chosen - words.begin())].get();
    QTimer::singleShot(0, &application, [session, verb] { drive(session, verb); });
    return QCoreApplication::exec();
}

} // namespace

} // namespace colophon::ctl

int main(int argc, char **argv) { return colophon::ctl::command(argc, argv); }
