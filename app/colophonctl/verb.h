// SPDX-License-Identifier: Apache-2.0
#pragma once

// One word of the command, such as `inspect`: it says which options it has, and does its work as a coroutine.

#include "colophonctl/session.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <vector>

namespace colophon::ctl {

class Verb
{
public:
    virtual ~Verb() = default;
    // Adds the verb with its options; CLI writes them into this object.
    virtual CLI::App *addTo(CLI::App &app) = 0;
    // The exit code, or an error that decides it.
    virtual base::Task<base::Result<int>> run(SessionPtr session) = 0;
};

// One file each.
std::unique_ptr<Verb> makeInspect();
std::unique_ptr<Verb> makeTag();
std::unique_ptr<Verb> makeTags();
std::unique_ptr<Verb> makeMark();
std::unique_ptr<Verb> makeUnmark();
std::unique_ptr<Verb> makeEdit();
std::unique_ptr<Verb> makeProbe();
std::unique_ptr<Verb> makeConsequences();
std::unique_ptr<Verb> makeBlob();
std::unique_ptr<Verb> makeSign();
std::unique_ptr<Verb> makeVerify();
std::unique_ptr<Verb> makeKey();
std::unique_ptr<Verb> makeDemo();

constexpr int exitDone = 0;
constexpr int exitCheckSaysNo = 5;

// Options several verbs share.
void addReference(CLI::App &verb, std::string &into);
void addLayers(CLI::App &verb, std::vector<std::string> &into, bool required);
void addPlatforms(CLI::App &verb, std::vector<std::string> &into);
void addSigning(CLI::App &verb, SigningOptions &into, bool required);

// A push's report with the reference as it was asked for; the digest it had then is in `before`.
QJsonObject asTyped(QJsonObject report, const oci::Reference &reference);
QStringList toStrings(const std::vector<std::string> &texts);
base::Result<QList<oci::Platform>> platformsOf(const std::vector<std::string> &texts);

} // namespace colophon::ctl
