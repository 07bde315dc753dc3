// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a person may say at any verb, and where it is put while the command line is read.

#include <string>
#include <vector>

namespace colophon::ctl {

struct CommonOptions
{
    bool json = false;
    bool quiet = false;
    bool verbose = false;
    std::string user;
    bool passwordFromStdin = false;
    std::string authFile;
    std::string caFile;
    std::vector<std::string> trustFingerprints;
    bool plainHttp = false;
    bool allowPrivateUrls = false;
    std::vector<std::string> allowRealms;
    int jobs = 3;
    int timeoutSeconds = 0; // 0: the transport's own
};

// Of the verbs that sign.
struct SigningOptions
{
    std::vector<std::string> keys;
    std::vector<std::string> formats; // empty: cosign
    std::string certificates;         // file of the chain; empty: what is beside the key
    bool passphraseFromStdin = false;
    bool indexOnly = false;
};

} // namespace colophon::ctl
