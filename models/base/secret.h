// SPDX-License-Identifier: Apache-2.0
#pragma once

// A password, passphrase or token: wiped when it goes, and without any way into a stream, a log or a comparison by
// accident. The one way to its bytes is reveal(), so that every use can be found.

#include <QByteArray>

namespace colophon::base {

class Secret
{
public:
    Secret() = default;
    explicit Secret(QByteArray bytes);
    Secret(const Secret &other);
    Secret(Secret &&other) noexcept;
    Secret &operator=(Secret other) noexcept;
    ~Secret();

    bool isEmpty() const { return m_bytes.isEmpty(); }
    const QByteArray &reveal() const { return m_bytes; }

private:
    QByteArray m_bytes;
};

} // namespace colophon::base
