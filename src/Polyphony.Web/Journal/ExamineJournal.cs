using Microsoft.EntityFrameworkCore;
using Polyphony.Proofs;
using Polyphony.Storage;
using Polyphony.Web.Hosting;

namespace Polyphony.Web.Journal;

/// <summary>What <c>doctor</c> says of the journal: every entry is computed again, and the whole is compared with the checkpoint that lies outside of the database.</summary>
internal static class ExamineJournal
{
    public static async Task<Finding> RunAsync(Db db, DataDirectory data, CancellationToken cancellationToken)
    {
        List<KeptEntry> entries = [];
        await foreach (Storage.Journal.JournalEntry entry in db.Journal.AsNoTracking().OrderBy(entry => entry.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            entries.Add(entry.ToKept());
        }

        string? saved = LogKeeper.SavedCheckpoint(data);
        if (entries.Count == 0 && saved is null)
        {
            return new(Grade.Good, "journal-empty");
        }

        LogKey? key;
        try
        {
            key = LogKeeper.ReadSigner(data)?.Key;
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            key = null;
        }

        if (key is null && saved is not null)
        {
            return new(Grade.Bad, "journal-no-key", ("value", Path.Combine(data.Keys, LogKeeper.KeyFile)));
        }

        // Without a checkpoint there is nothing that a key would be asked about.
        return LogAudit.Examine(entries, saved, key ?? new LogKey("none", new byte[32])) switch
        {
            LogFinding.Intact intact => new(Grade.Good, "journal", ("n", intact.Size), ("size", intact.Saved)),
            LogFinding.Unanchored loose => new(Grade.Look, "journal-unanchored", ("n", loose.Size), ("value", LogKeeper.CheckpointFile(data))),
            LogFinding.Changed changed => new(Grade.Bad, "journal-changed", ("n", changed.Index)),
            LogFinding.Gap gap => new(Grade.Bad, "journal-gap", ("n", gap.Index)),
            LogFinding.Rewritten rewritten => new(Grade.Bad, "journal-rewritten", ("n", rewritten.Size), ("size", rewritten.Saved)),
            LogFinding.Unsigned => new(Grade.Bad, "journal-unsigned", ("value", LogKeeper.CheckpointFile(data))),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
