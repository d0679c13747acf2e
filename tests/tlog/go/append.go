package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// appendBench (DIR BATCH LEAF SECONDS MODE) appends leaves of LEAF bytes in batches of BATCH to a log in DIR for SECONDS: every batch leaves
// the new tiles of tlog.NewTiles and the entry bundles as files, each written under another name, synced and
// renamed, and then syncs the folders. With MODE "flat" it appends to one file of hashes and one of records instead
// and syncs both, which no client can read tiles from. It prints leaves and seconds.
func appendBench(arguments []string) {
	batch, leafBytes, seconds := number(arguments[1]), number(arguments[2]), number(arguments[3])
	log := &fileLog{root: arguments[0]}
	if arguments[4] == "flat" {
		log.openFlat()
	}
	start := time.Now()
	for time.Since(start) < time.Duration(seconds)*time.Second {
		leaves := make([][]byte, batch)
		for i := range leaves {
			leaf := bytes.Repeat([]byte("x"), leafBytes)
			binary.BigEndian.PutUint64(leaf, uint64(log.size)+uint64(i))
			leaves[i] = leaf
		}
		if err := log.append(leaves); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	fmt.Println(log.size, time.Since(start).Seconds())
}

func number(text string) int {
	found, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return found
}

// fileLog keeps the stored hashes in memory, as a sequencer does, and writes what is served.
type fileLog struct {
	root    string
	size    int64
	stored  memory
	pending [][]byte // entries of the bundle that is not full
	hashes  *os.File // of mode flat
	records *os.File
}

func (l *fileLog) openFlat() {
	var err error
	if l.hashes, err = os.Create(filepath.Join(l.root, "hashes")); err != nil {
		panic(err)
	}
	if l.records, err = os.Create(filepath.Join(l.root, "records")); err != nil {
		panic(err)
	}
}

func (l *fileLog) appendFlat(added []tlog.Hash, leaves [][]byte) error {
	var hashes, records []byte
	for _, each := range added {
		hashes = append(hashes, each[:]...)
	}
	for _, leaf := range leaves {
		records = append(binary.BigEndian.AppendUint16(records, uint16(len(leaf))), leaf...)
	}
	if _, err := l.records.Write(records); err != nil {
		return err
	}
	if err := l.records.Sync(); err != nil {
		return err
	}
	if _, err := l.hashes.Write(hashes); err != nil {
		return err
	}
	return l.hashes.Sync()
}

func (l *fileLog) append(leaves [][]byte) error {
	before, stored := l.size, len(l.stored)
	for _, leaf := range leaves {
		added, err := tlog.StoredHashes(l.size, leaf, l.stored)
		if err != nil {
			return err
		}
		l.stored = append(l.stored, added...)
		l.size++
	}
	if l.hashes != nil {
		return l.appendFlat(l.stored[stored:], leaves)
	}
	folders := map[string]bool{}
	for _, tile := range tlog.NewTiles(8, before, l.size) {
		body, err := tlog.ReadTileData(tile, l.stored)
		if err != nil {
			return err
		}
		if err := l.write(strings.Replace(tile.Path(), "tile/8/", "tile/", 1), body, folders); err != nil {
			return err
		}
	}
	if err := l.bundles(before, leaves, folders); err != nil {
		return err
	}
	for folder := range folders {
		if err := syncFolder(folder); err != nil {
			return err
		}
	}
	return nil
}

func (l *fileLog) bundles(before int64, leaves [][]byte, folders map[string]bool) error {
	l.pending = append(l.pending, leaves...)
	first := before / 256
	for len(l.pending) > 0 {
		width := min(256, len(l.pending))
		var body []byte
		for _, entry := range l.pending[:width] {
			body = append(binary.BigEndian.AppendUint16(body, uint16(len(entry))), entry...)
		}
		tile := tlog.Tile{H: 8, L: 0, N: first, W: width}
		path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		if err := l.write(path, body, folders); err != nil {
			return err
		}
		if width < 256 {
			return nil
		}
		l.pending = l.pending[256:]
		first++
	}
	return nil
}

func (l *fileLog) write(path string, body []byte, folders map[string]bool) error {
	path = filepath.Join(l.root, path)
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	file, err := os.Create(path + ".new")
	if err != nil {
		return err
	}
	if _, err := file.Write(body); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	folders[folder] = true
	return os.Rename(path+".new", path)
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
