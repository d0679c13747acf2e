// Questions about trees and notes, answered by the packages that the Go toolchain itself uses for its
// checksum database (golang.org/x/mod/sumdb, vendored in the toolchain) and by crypto/mldsa.
//
// "outside" reads a JSON array of questions from standard input and writes a JSON array of answers.
// "outside append DIR BATCH LEAF SECONDS MODE" is the yardstick of the bench: see append.go.
package main

import (
	"crypto/mldsa"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	Ask     string
	Note    []byte
	Text    string
	Keys    []string
	Secret  string
	Size    int64
	Old     int64
	Index   int64
	Root    []byte
	OldRoot []byte
	Leaf    []byte
	Proof   [][]byte
	Public  []byte
	Name    string
	Origin  string
	Time    uint64
	Answer  []byte
}

type answer struct {
	Error string            `json:"error"`
	Names []string          `json:"names,omitempty"`
	Tiles map[string]string `json:"tiles,omitempty"`
	Root  []byte            `json:"root,omitempty"`
	Proof [][]byte          `json:"proof,omitempty"`
	Note  []byte            `json:"note,omitempty"`
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "append" {
		appendBench(os.Args[2:])
		return
	}
	var questions []question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	answers := make([]answer, len(questions))
	for i, q := range questions {
		answers[i] = reply(q)
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}

func reply(q question) (a answer) {
	var err error
	switch q.Ask {
	case "open":
		a.Names, err = open(q)
	case "sign":
		a.Note, err = sign(q)
	case "record":
		err = tlog.CheckRecord(hashes(q.Proof), q.Size, hash(q.Root), q.Index, tlog.RecordHash(q.Leaf))
	case "tree":
		err = tlog.CheckTree(tlog.TreeProof(hashes(q.Proof)), q.Size, hash(q.Root), q.Old, hash(q.OldRoot))
	case "tiles":
		a.Tiles, a.Root, err = tiles(q.Size)
	case "prove":
		a.Proof, a.Root, err = prove(q)
	case "mldsa":
		err = cosigned(q)
	default:
		err = fmt.Errorf("unknown question %q", q.Ask)
	}
	if err != nil {
		a.Error = err.Error()
	}
	return a
}

func open(q question) ([]string, error) {
	var known []note.Verifier
	for _, key := range q.Keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return nil, err
		}
		known = append(known, verifier)
	}
	opened, err := note.Open(q.Note, note.VerifierList(known...))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, each := range opened.Sigs {
		names = append(names, each.Name)
	}
	return names, nil
}

func sign(q question) ([]byte, error) {
	signer, err := note.NewSigner(q.Secret)
	if err != nil {
		return nil, err
	}
	return note.Sign(&note.Note{Text: q.Text}, signer)
}

// memory holds the stored hashes of the tree whose entries are "entry 0", "entry 1", ...
type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = m[index]
	}
	return found, nil
}

var grown memory
var grownSize int64

func grow(size int64) (memory, error) {
	for ; grownSize < size; grownSize++ {
		added, err := tlog.StoredHashes(grownSize, fmt.Appendf(nil, "entry %d", grownSize), grown)
		if err != nil {
			return nil, err
		}
		grown = append(grown, added...)
	}
	return grown, nil
}

func tiles(size int64) (map[string]string, []byte, error) {
	stored, err := grow(size)
	if err != nil {
		return nil, nil, err
	}
	found := map[string]string{}
	for _, tile := range tlog.NewTiles(8, 0, size) {
		body, err := tlog.ReadTileData(tile, stored)
		if err != nil {
			return nil, nil, err
		}
		found[strings.Replace(tile.Path(), "tile/8/", "tile/", 1)] = fmt.Sprintf("%x", sha256.Sum256(body))
	}
	root, err := tlog.TreeHash(size, stored)
	return found, root[:], err
}

func prove(q question) ([][]byte, []byte, error) {
	stored, err := grow(q.Size)
	if err != nil {
		return nil, nil, err
	}
	var proof []tlog.Hash
	if q.Old > 0 {
		proof, err = tlog.ProveTree(q.Size, q.Old, stored)
	} else {
		proof, err = tlog.ProveRecord(q.Size, q.Index, stored)
	}
	if err != nil {
		return nil, nil, err
	}
	found := [][]byte{}
	for _, each := range proof {
		found = append(found, append([]byte{}, each[:]...))
	}
	root, err := tlog.TreeHash(q.Size, stored)
	return found, root[:], err
}

// cosigned builds the cosigned_message of C2SP tlog-cosignature and verifies an ML-DSA-44 signature over it.
func cosigned(q question) error {
	public, err := mldsa.NewPublicKey(mldsa.MLDSA44(), q.Public)
	if err != nil {
		return err
	}
	message := append([]byte("subtree/v1\n\x00"), byte(len(q.Name)))
	message = append(message, q.Name...)
	message = binary.BigEndian.AppendUint64(message, q.Time)
	message = append(append(message, byte(len(q.Origin))), q.Origin...)
	message = binary.BigEndian.AppendUint64(message, 0)
	message = binary.BigEndian.AppendUint64(message, uint64(q.Size))
	return mldsa.Verify(public, append(message, q.Root...), q.Answer, nil)
}

func hash(raw []byte) (h tlog.Hash) {
	copy(h[:], raw)
	return h
}

func hashes(raw [][]byte) tlog.RecordProof {
	found := make(tlog.RecordProof, len(raw))
	for i, each := range raw {
		found[i] = hash(each)
	}
	return found
}
