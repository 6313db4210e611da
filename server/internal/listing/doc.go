// Package listing turns the queries of Appwrite's lists into pages of the store.
package listing
