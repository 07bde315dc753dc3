// SPDX-License-Identifier: Apache-2.0
#include "colophonctl/verb.h"

namespace colophon::ctl {

void addReference(CLI::App &verb, std::string &into)
{
    verb.add_option("REF", into, "The image: registry/repository[:tag][@digest]")->required();
}

void addLayers(CLI::App &verb, std::vector<std::string> &into, bool required)
{
    verb.add_option("--layer", into,
                    "Which layers: an index 0, a range 0-3, a digest or the beginning of one, 'all' or 'foreign'; "
                    "may be given again")
        ->type_name("SEL")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->required(required);
}

void addPlatforms(CLI::App &verb, std::vector<std::string> &into)
{
    verb.add_option("--platform", into,
                    "Only these platforms of an index: os[(os.version)]/arch[/variant]; may be given again")
        ->type_name("P")
        ->allow_extra_args(false);
}

void addSigning(CLI::App &verb, SigningOptions &into, bool required)
{
    verb.add_option("--key", into.keys, "Sign with this key file (cosign's, PEM or PKCS#12); may be given again")
        ->type_name("KEY")
        ->allow_extra_args(false)
        ->required(required);
    verb.add_option("--format", into.formats,
                    "How to write the signatures; may be given again. Without it: cosign, which is both of cosign's")
        ->type_name("FORM")
        ->check(CLI::IsMember({"cosign", "cosign-legacy", "cosign-bundle", "notation"}).description(""))
        ->allow_extra_args(false);
    verb.add_option(
            "--cert", into.certificates,
            "The key's certificate and its issuers up to the root (PEM), for notation; else those in the key file")
        ->type_name("CHAIN");
    verb.add_flag("--passphrase-stdin", into.passphraseFromStdin,
                  "Read the key's passphrase from standard input (else COSIGN_PASSWORD, else asked on the terminal)");
    verb.add_flag("--index-only", into.indexOnly, "Sign the index alone, not every platform in it");
}

QJsonObject asTyped(QJsonObject report, const oci::Reference &reference)
{
    report[QStringLiteral("reference")] = reference.toString();
    return report;
}

QStringList toStrings(const std::vector<std::string> &texts)
{
    QStringList strings;
    for (const std::string &text : texts)
        strings.append(QString::fromStdString(text));
    return strings;
}

base::Result<QList<oci::Platform>> platformsOf(const std::vector<std::string> &texts)
{
    QList<oci::Platform> platforms;
    for (const std::string &text : texts) {
        auto platform = oci::Platform::parse(QString::fromStdString(text));
        if (!platform)
            return base::fail(platform.error());
        platforms.append(std::move(*platform));
    }
    return platforms;
}

} // namespace colophon::ctl
