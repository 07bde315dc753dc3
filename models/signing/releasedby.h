// SPDX-License-Identifier: Apache-2.0
#pragma once

// The deleter of what OpenSSL hands out and takes back by a function of its own.

namespace colophon::signing {

template <class T, void (*release)(T *)>
struct ReleasedBy
{
    void operator()(T *each) const { release(each); }
};

} // namespace colophon::signing
