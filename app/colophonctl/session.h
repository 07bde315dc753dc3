// SPDX-License-Identifier: Apache-2.0
#pragma once

// One run of the command: the client made from the options, the credentials, the printer and the token that Ctrl-C
// stops. The verbs get everything from here.

#include "base/task.h"
#include "colophonctl/options.h"
#include "colophonctl/printer.h"
#include "colophonctl/waits.h"
#include "content/signer.h"
#include "registry/client.h"
#include "transfer/operation.h"

#include <memory>
#include <stop_token>

namespace colophon::ctl {

class Session
{
public:
    explicit Session(CommonOptions options);

    const CommonOptions &options() const { return m_options; }
    Printer &printer() { return m_printer; }
    std::stop_token stopToken() const { return m_stop.get_token(); }
    void stop() { m_stop.request_stop(); }

    // Before anything else: what is wrong with the options, or with what is configured on this computer.
    base::Result<void> ready() const;
    // What somebody typed; says on stderr, once, what a short name was taken for.
    base::Result<oci::Reference> reference(const std::string &typed);
    content::TargetPtr target(const oci::Reference &reference) { return m_client.target(reference); }
    // For a verb that only looks at the image: mirrors are welcome.
    content::TargetPtr readingTarget(const oci::Reference &reference) { return m_client.readingTarget(reference); }
    std::shared_ptr<content::UrlFetcher> urlFetcher(const oci::Reference &namedBy)
    {
        return m_client.urlFetcher(namedBy);
    }

    // Before the program ends.
    base::Task<void> settle() { return m_client.settle(); }

    // Gives the credentials of the command line, if there are any, for this registry. Reads the password; call it
    // before signersOf(), because its line comes first.
    base::Result<void> signIn(const QString &registry);

    // One for each key file and form, the keys opened with the passphrase from where the options say.
    base::Result<content::Signers> signersOf(const SigningOptions &options);

private:
    CommonOptions m_options;
    Printer m_printer;
    Waits m_waits;
    std::stop_source m_stop;
    QStringList m_remarks; // made so far
    base::Result<registry::ClientOptions> m_clientOptions;
    registry::Client m_client;
};

using SessionPtr = std::shared_ptr<Session>;

// Runs an operation to its end, showing its progress; the session's stop cancels it.
base::Task<base::Result<void>> perform(SessionPtr session, transfer::Operation *operation);

} // namespace colophon::ctl
