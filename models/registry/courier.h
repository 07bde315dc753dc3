// SPDX-License-Identifier: Apache-2.0
#pragma once

// Brings one logical request to its answer over as many exchanges as redirects make of it. Every hop is judged anew:
// which scheme, which address class, and whether the credential may come along: it goes to the origin it is for and
// nowhere else. Knows no challenge and no token: what is carried is given with the
// request.

#include "base/limits.h"
#include "base/secret.h"
#include "registry/addressclass.h"
#include "registry/client.h"
#include "registry/origin.h"
#include "registry/trust/certificatefolders.h"

#include <optional>

namespace colophon::registry {

// A body that can be read once, and remembers whether somebody began to: until then the request can be sent again.
class StreamedBody
{
public:
    StreamedBody(content::ReaderPtr bytes, qint64 length, content::Progress progress);

    qint64 length() const { return m_length; }
    bool isTouched() const { return m_touched; }
    const content::Progress &progress() const { return m_progress; }
    // A reader for one attempt; it keeps the body alive.
    static content::ReaderPtr reader(std::shared_ptr<StreamedBody> body);

private:
    class Attempt;
    content::ReaderPtr m_bytes;
    qint64 m_length;
    content::Progress m_progress;
    bool m_touched = false;
};

// Whether a request may be sent again by itself when it was not answered, or not now.
enum class Repeat {
    ByMethod,    // GET, HEAD and DELETE as often as it takes; others where the answer says that nothing was done
    WhenRefused, // only where the answer says that nothing was done (429, 503)
    Always,      // doing it twice does no harm
    Never,
    Farewell, // never, and at once: the one who busied the host is about to leave it
};

// What is asked. Copies are cheap; a request may be sent again as long as its stream is untouched.
struct Errand
{
    QByteArray method = "GET";
    QUrl url = {};
    http::Headers headers = {};                // never Authorization
    std::optional<QByteArray> bytes = {};      // a body held in memory, may be empty; or
    std::shared_ptr<StreamedBody> stream = {}; // one that comes as it goes
    Repeat repeat = Repeat::ByMethod;
};

// A credential that was shown, or why there was none, in words for errors; it holds no secret.
struct ShownCredential
{
    QString user = {};
    QString source = {};  // "from ~/.docker/config.json for registry.example"; empty: none was shown
    QString asked = {};   // the scopes of the token it was exchanged for
    QString granted = {}; // what the token service made of them, as far as it tells
    QString trouble = {}; // with those that could not be used
};

// What it may do on its way.
struct Terms
{
    Origin home = {};                         // the credential is for this one, and its address needs no permission
    base::Secret authorization = {};          // the whole Authorization value; empty: none
    QString credential = {};                  // in words, for the log
    bool holdsSecret = false;                 // the body does, so that it goes nowhere but home
    bool allowInClear = false;                // what is secret may go unencrypted beyond this machine
    AddressClass from = AddressClass::Public; // of whoever names the other addresses
    http::AddressCheck homeCheck = {};        // what `home` must be; none: the user named it
    QString registry = {};                    // whose folder of certificates counts; empty: nobody's
    QList<Origin> registryAt = {};            // where it answers: only there we show who we are by a certificate
    QString namedBy = {};                     // the registry of class `from`
    Lifted lifted = {};                       // what the user allows beyond the rule of address classes
    int redirects = base::limits::redirects;
};

struct Answer
{
    http::Response response;
    QUrl url; // where it came from in the end
    int redirects = 0;
    bool atHome = true; // it came from `home`
    ShownCredential shown = {};
    int status() const { return response.status; }
};

class Courier
{
public:
    // With a pacer of others it waits where they do; none: one of its own.
    explicit Courier(const ClientOptions &options, std::shared_ptr<retry::Pacer> pacer = {});

    // Failures to get an answer, and redirects that are refused (Denied) or make no sense (Protocol). Any answer that
    // is no redirect is an Answer, whatever its status. What passes by waiting is waited for, where the request may be
    // sent again.
    static base::Task<base::Result<Answer>> send(std::shared_ptr<Courier> courier, Errand errand, Terms terms,
                                                 std::stop_token stop);

    const std::shared_ptr<retry::Pacer> &pacer() const { return m_pacer; }

private:
    // Over the hops that redirects make of it.
    static base::Task<base::Result<Answer>> follow(std::shared_ptr<Courier> courier, Errand errand, Terms terms,
                                                   std::stop_token stop);
    static base::Task<base::Result<Answer>> exchange(std::shared_ptr<Courier> courier, Errand errand, Terms terms,
                                                     int hop, std::stop_token stop);
    base::Result<http::TlsMaterialPtr> certificatesFor(const QUrl &url, const Terms &terms);
    http::Transport m_transport;
    trust::CertificateFolders m_folders;
    content::RequestLog m_log;
    std::shared_ptr<retry::Pacer> m_pacer;
};

// Reads what is left of a short answer, so that its connection can be used again; gives up on a long one.
base::Task<void> drain(content::ReaderPtr body);

// The address of an answer's Location field, whole. Nothing where there is none or it is no http(s) address with a host
// and without user info; a fragment is dropped.
std::optional<QUrl> locationOf(const http::Headers &headers, const QUrl &base);

// An address as it may be written into a log: no user info, and of the query only what cannot be a secret.
QString maskedUrl(const QUrl &url);

} // namespace colophon::registry
