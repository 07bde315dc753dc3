// SPDX-License-Identifier: Apache-2.0
#pragma once

// The way of every verb that changes an image: open it, ask the verb for its edits, plan, and show, print or push the
// plan. What `mark`, `unmark` and `edit` differ in is the edits alone.

#include "colophonctl/verb.h"
#include "document/edit.h"

#include <functional>

namespace colophon::ctl {

// The man page's "edit options", and the image they are for.
struct ChangeOptions
{
    std::string reference;
    std::vector<std::string> platforms;
    std::string destination;
    bool dryRun = false;
    bool force = false;
    bool noProbe = false;
    bool backup = false;
    bool reattachSboms = false;
    std::string backupTag;
    std::string commands; // "curl", "regctl"; empty: it is pushed
    SigningOptions signing;
};
void addChangeOptions(CLI::App &verb, ChangeOptions &into);

// The image as it was opened.
struct Opened
{
    content::TargetPtr source;
    document::ImageTree tree;
    QList<oci::Platform> platforms; // of --platform
};

struct Edits
{
    document::EditSet edits;
    QStringList notes; // in words: what was passed by or taken along
};
// A verb's part. It may ask registries itself.
using EditsOf = std::function<base::Task<base::Result<Edits>>(Opened opened)>;

// The exit code, or an error that decides it. What is wrong with the options is said before anything is asked of a
// registry.
base::Task<base::Result<int>> change(SessionPtr session, ChangeOptions options, EditsOf editsOf);

} // namespace colophon::ctl
