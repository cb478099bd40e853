/**
 * Keeps the local runtime's files in memory, where the machine has room there.
 *
 * It syncs a file of its own to the disk for each object's alarm and each write of the database, all in
 * one queue. The platform does not, so how fast this machine's disk is must not be what is measured.
 */
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const FOLDER = '/dev/shm'
/** A database with a million tasks, and more. */
const ROOM_BYTES = 4 * 1024 ** 3

/** To be called before the first Miniflare is made. */
export function keepFilesInMemory(): void {
  if (!hasRoom()) return
  const folder = mkdtempSync(join(FOLDER, 'imagegate-bench-'))
  process.env.TMPDIR = folder
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
}

const disk = tmpdir()

/** What is made by the work keeps its files on the disk all the same. */
export function withFilesOnDisk<T>(work: () => T): T {
  const { TMPDIR = disk } = process.env
  process.env.TMPDIR = disk
  try {
    return work()
  } finally {
    process.env.TMPDIR = TMPDIR
  }
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(FOLDER)
    return bavail * bsize >= ROOM_BYTES
  } catch {
    return false
  }
}
