// SPDX-License-Identifier: Apache-2.0

// notahelp signs and verifies with notation-go, the library that the notation command is made of:
//
//	notahelp sign   REPOSITORY@DIGEST KEY.pem CHAIN.pem jws|cose
//	notahelp verify REPOSITORY@DIGEST FOLDER
//
// FOLDER is laid out as notation's own configuration: truststore/x509/ca/NAME/ and trustpolicy.json. Registries are
// spoken to by plain http. Exit code: 0 done, 1 refused or failed, 2 not understood.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	_ "github.com/notaryproject/notation-core-go/signature/cose"
	_ "github.com/notaryproject/notation-core-go/signature/jws"
	"github.com/notaryproject/notation-go"
	"github.com/notaryproject/notation-go/dir"
	"github.com/notaryproject/notation-go/registry"
	"github.com/notaryproject/notation-go/signer"
	"github.com/notaryproject/notation-go/verifier"
	"github.com/notaryproject/notation-go/verifier/trustpolicy"
	"github.com/notaryproject/notation-go/verifier/truststore"
	"oras.land/oras-go/v2/registry/remote"
)

var envelopes = map[string]string{"jws": "application/jose+json", "cose": "application/cose"}

func open(reference string) (registry.Repository, error) {
	repository, err := remote.NewRepository(reference)
	if err != nil {
		return nil, err
	}
	repository.PlainHTTP = true
	return registry.NewRepository(repository), nil
}

func sign(reference, key, chain, envelope string) error {
	repository, err := open(reference)
	if err != nil {
		return err
	}
	with, err := signer.NewGenericSignerFromFiles(key, chain)
	if err != nil {
		return err
	}
	_, err = notation.Sign(context.Background(), with, repository, notation.SignOptions{
		SignerSignOptions: notation.SignerSignOptions{SignatureMediaType: envelopes[envelope]},
		ArtifactReference: reference,
	})
	return err
}

func verify(reference, folder string) error {
	repository, err := open(reference)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(folder, "trustpolicy.json"))
	if err != nil {
		return err
	}
	var policy trustpolicy.Document
	if err := json.Unmarshal(text, &policy); err != nil {
		return err
	}
	dir.UserConfigDir = folder
	with, err := verifier.New(&policy, truststore.NewX509TrustStore(dir.ConfigFS()), nil)
	if err != nil {
		return err
	}
	options := notation.VerifyOptions{ArtifactReference: reference, MaxSignatureAttempts: 50}
	verified, outcomes, err := notation.Verify(context.Background(), with, repository, options)
	for _, outcome := range outcomes {
		for _, result := range outcome.VerificationResults {
			fmt.Println(result.Type, result.Action, result.Error)
		}
	}
	if failed := (notation.ErrorVerificationFailed{}); errors.As(err, &failed) {
		return fmt.Errorf("not verified: %s", failed.Msg)
	}
	if err == nil {
		fmt.Println("verified", verified.Digest)
	}
	return err
}

func main() {
	arguments := os.Args[1:]
	var err error
	switch {
	case len(arguments) == 5 && arguments[0] == "sign" && envelopes[arguments[4]] != "":
		err = sign(arguments[1], arguments[2], arguments[3], arguments[4])
	case len(arguments) == 3 && arguments[0] == "verify":
		err = verify(arguments[1], arguments[2])
	default:
		fmt.Fprintln(os.Stderr, "usage: notahelp sign REPOSITORY@DIGEST KEY CHAIN jws|cose | verify REPOSITORY@DIGEST FOLDER")
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
