package messaging

import (
	"encoding/json"
	"fmt"

	"github.com/isojot/isojot/internal/mask"
)

func show(f fmt.State, verb rune, copy any) { fmt.Fprintf(f, fmt.FormatString(f, verb), copy) }

type providerFields Provider

func (p Provider) masked() providerFields {
	p.Credentials = mask.Object(p.Credentials)
	return providerFields(p)
}

// Format implements fmt.Formatter, without the credentials.
func (p Provider) Format(f fmt.State, verb rune) { show(f, verb, p.masked()) }

// MarshalJSON masks the credentials.
func (p Provider) MarshalJSON() ([]byte, error) { return json.Marshal(p.masked()) }

type createFCMProviderFields CreateFCMProvider

func (p CreateFCMProvider) masked() createFCMProviderFields {
	p.ServiceAccountJSON = mask.Object(p.ServiceAccountJSON)
	return createFCMProviderFields(p)
}

// Format implements fmt.Formatter, without the account's key.
func (p CreateFCMProvider) Format(f fmt.State, verb rune) { show(f, verb, p.masked()) }

// MarshalJSON masks the account's key.
func (p CreateFCMProvider) MarshalJSON() ([]byte, error) { return json.Marshal(p.masked()) }

type updateFCMProviderFields UpdateFCMProvider

func (p UpdateFCMProvider) masked() updateFCMProviderFields {
	p.ServiceAccountJSON = mask.Object(p.ServiceAccountJSON)
	return updateFCMProviderFields(p)
}

// Format implements fmt.Formatter, without the account's key.
func (p UpdateFCMProvider) Format(f fmt.State, verb rune) { show(f, verb, p.masked()) }

// MarshalJSON masks the account's key.
func (p UpdateFCMProvider) MarshalJSON() ([]byte, error) { return json.Marshal(p.masked()) }
