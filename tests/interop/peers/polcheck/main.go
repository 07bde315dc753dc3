// SPDX-License-Identifier: Apache-2.0

// polcheck POLICY REGISTRIES.D HOST/REPOSITORY[:TAG|@DIGEST]
//
// Asks the library that podman, skopeo and CRI-O are built on whether a signature policy lets an image run. Prints
// "allowed" and ends with 0, or prints the reason on standard error and ends with 1; 2 is a wrong command line.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"go.podman.io/image/v5/docker"
	"go.podman.io/image/v5/image"
	"go.podman.io/image/v5/signature"
	"go.podman.io/image/v5/types"
)

func check(ctx context.Context, policyFile, lookasides, name string) error {
	// Nothing of this computer's own configuration: only what the test wrote.
	system := &types.SystemContext{
		RegistriesDirPath:           lookasides,
		SystemRegistriesConfPath:    os.DevNull,
		SystemRegistriesConfDirPath: filepath.Join(lookasides, "none"),
		DockerInsecureSkipTLSVerify: types.OptionalBoolTrue,
	}
	reference, err := docker.ParseReference("//" + name)
	if err != nil {
		return fmt.Errorf("read the reference: %w", err)
	}
	policy, err := signature.NewPolicyFromFile(policyFile)
	if err != nil {
		return fmt.Errorf("read the policy: %w", err)
	}
	rules, err := signature.NewPolicyContext(policy)
	if err != nil {
		return fmt.Errorf("understand the policy: %w", err)
	}
	defer rules.Destroy()
	source, err := reference.NewImageSource(ctx, system)
	if err != nil {
		return fmt.Errorf("find the image: %w", err)
	}
	defer source.Close()
	allowed, err := rules.IsRunningImageAllowed(ctx, image.UnparsedInstance(source, nil))
	if err == nil && !allowed {
		err = fmt.Errorf("the policy says no, without a reason")
	}
	return err
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: polcheck POLICY REGISTRIES.D HOST/REPOSITORY[:TAG|@DIGEST]")
		os.Exit(2)
	}
	if err := check(context.Background(), os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "refused:", err)
		os.Exit(1)
	}
	fmt.Println("allowed")
}
