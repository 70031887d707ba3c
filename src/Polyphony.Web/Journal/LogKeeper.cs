using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Polyphony.Proofs;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Web.Hosting;

namespace Polyphony.Web.Journal;

/// <summary>Signs what the journal is, and refuses when its past is not what was signed before.</summary>
/// <remarks>The last signed checkpoint lies in the data directory, outside of the database: whoever rolls the database back or rewrites it does not change that file with it.</remarks>
public sealed partial class LogKeeper(DataDirectory data, PublicAddress address, ILogger<LogKeeper> logger) : IDisposable
{
    /// <summary>Lies beside the key ring.</summary>
    public const string KeyFile = "log.key";

    private readonly SemaphoreSlim one = new(1, 1);
    private LogSigner? signer;
    private (long Size, string Note)? last;

    /// <summary>The public key; the private one is made when it is first needed, beside the key ring.</summary>
    public LogKey Key => Signer.Key;

    private LogSigner Signer => signer ??= ReadSigner(data) ?? MakeSigner();

    /// <summary>The private key of an installation, or null when it has none yet.</summary>
    public static LogSigner? ReadSigner(DataDirectory data)
    {
        string path = Path.Combine(data.Keys, KeyFile);
        return File.Exists(path)
            ? LogSigner.Parse(File.ReadAllText(path).TrimEnd('\n')) ?? throw new InvalidDataException($"{path} holds no key of a log.")
            : null;
    }

    /// <summary>The last checkpoint that was signed here, or null.</summary>
    public static string? SavedCheckpoint(DataDirectory data) => File.Exists(CheckpointFile(data)) ? File.ReadAllText(CheckpointFile(data)) : null;

    /// <summary>Signs the journal as it is now.</summary>
    /// <returns>Null when the journal does not continue what was signed before: nothing is signed then.</returns>
    public async Task<string?> CheckpointAsync(Db db, CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            long size = (await db.Journal.MaxAsync(entry => (long?)entry.Id, cancellationToken) ?? -1) + 1;
            if (last is { } known && known.Size == size)
            {
                return known.Note;
            }

            byte[][] hashes = await HashesAsync(db, cancellationToken);
            if (SavedCheckpoint(data) is { } saved && !Continues(hashes, Checkpoint.Open(saved, Key)))
            {
                LogPastChanged(hashes.Length);
                return null;
            }

            string note = new Checkpoint(Key.Name, hashes.Length, MerkleTree.Root(hashes)).Sign(Signer);
            await SaveAsync(note, cancellationToken);
            last = (hashes.Length, note);
            return note;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Two entries with their proofs under one checkpoint, which ends with the later one so that the same record is always the same bytes.</summary>
    /// <returns>Null when the journal does not continue what was signed before.</returns>
    public async Task<(string Checkpoint, ProvenEntry Frozen, ProvenEntry Drawn)?> ProveAsync(Db db, JournalEntry frozen, JournalEntry drawn, CancellationToken cancellationToken)
    {
        if (await CheckpointAsync(db, cancellationToken) is null)
        {
            return null;
        }

        byte[][] hashes = (await HashesAsync(db, cancellationToken))[..(int)(drawn.Id + 1)];
        return (
            new Checkpoint(Key.Name, hashes.Length, MerkleTree.Root(hashes)).Sign(Signer),
            new ProvenEntry(frozen.ToLogEntry().ToJson(), frozen.Id, MerkleTree.InclusionProof(hashes, (int)frozen.Id)),
            new ProvenEntry(drawn.ToLogEntry().ToJson(), drawn.Id, MerkleTree.InclusionProof(hashes, (int)drawn.Id)));
    }

    public static Task<byte[][]> HashesAsync(Db db, CancellationToken cancellationToken) => db.Journal.OrderBy(entry => entry.Id).Select(entry => entry.Hash).ToArrayAsync(cancellationToken);

    public void Dispose() => one.Dispose();

    public static string CheckpointFile(DataDirectory data) => Path.Combine(data.Root, "log", "checkpoint");

    private static bool Continues(byte[][] hashes, Checkpoint? saved) =>
        saved is not null && saved.Size <= hashes.Length && MerkleTree.Root(hashes.AsSpan(0, (int)saved.Size)).AsSpan().SequenceEqual(saved.Root);

    private LogSigner MakeSigner()
    {
        LogSigner made = new(new Uri(address.Root).IdnHost + "/log", RandomNumberGenerator.GetBytes(32));
        string path = Path.Combine(data.Keys, KeyFile);
        try
        {
            using (FileStream file = PrivateFiles.Create(path))
            {
                file.Write(Encoding.ASCII.GetBytes(made.ToSecretText() + "\n"));
            }

            PrivateFiles.MakeDurable(path);
            return made;
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process of this installation was first.
            return ReadSigner(data) ?? throw new UnreachableException();
        }
    }

    private async Task SaveAsync(string note, CancellationToken cancellationToken)
    {
        string path = CheckpointFile(data);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path + ".new", note, cancellationToken);
        PrivateFiles.MakeDurable(path + ".new");
        File.Move(path + ".new", path, overwrite: true);
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The journal of {Entries} entries does not continue the checkpoint that was signed before: nothing is signed. Run the verb doctor.")]
    private partial void LogPastChanged(int entries);
}
