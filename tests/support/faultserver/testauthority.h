// SPDX-License-Identifier: Apache-2.0
#pragma once

// A certificate authority that lives as long as a test, and the server certificates it issues, good and bad.

#include <QByteArray>
#include <QString>
#include <QTemporaryDir>

#include <memory>

namespace colophon::test {

struct TlsIdentity
{
    QByteArray certificate; // PEM
    QByteArray key;         // PEM
};

class TestAuthority
{
public:
    enum class Kind {
        Good,       // for localhost, 127.0.0.1 and ::1
        Expired,    // since yesterday
        WrongHost,  // for other.example only
        SelfSigned, // for localhost, by nobody
        Client,     // of somebody who connects
    };

    TestAuthority();
    ~TestAuthority();
    TestAuthority(const TestAuthority &) = delete;
    TestAuthority &operator=(const TestAuthority &) = delete;

    TlsIdentity issue(Kind kind) const;
    TlsIdentity issue(const QString &host) const; // good, for a name of the test's own
    // The same as files, NAME.cert and NAME.key of this folder.
    TlsIdentity write(Kind kind, const QString &folder, const QString &name) const;
    // The authority's certificate as a PEM file, for TransportOptions::caFile, --ca-file, SSL_CERT_FILE, curl --cacert
    // …
    QString caFile() const;

    struct Wish;

private:
    struct Secret;
    TlsIdentity issue(const Wish &wish, bool isOurs) const;
    std::unique_ptr<Secret> m_secret;
    QTemporaryDir m_folder;
};

} // namespace colophon::test
