using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Dialogues.Ballots;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;

namespace Polyphony.Web.Votes;

/// <summary>Takes a ballot from either door (form or JSON) to the writer.</summary>
public sealed class BallotDesk(BallotWriter writer, BallotPapers papers)
{
    /// <summary>Checks and stores a ballot.</summary>
    /// <param name="code">The link code, or the code of a tablet's turn.</param>
    /// <param name="dialogue">The dialogue in which the code was accepted; null for the JSON door, where the store looks.</param>
    /// <param name="session">The session.</param>
    /// <param name="idempotencyKey">Chosen by the client for this ballot.</param>
    /// <param name="answers">Chosen options; an empty list is "don't know / no answer".</param>
    /// <param name="channel">Phone or tablet.</param>
    /// <param name="cancellationToken">Stops waiting; the ballot may be stored all the same.</param>
    /// <returns>The outcome.</returns>
    public async Task<CastOutcome> CastAsync(
        string code, DialogueId? dialogue, SessionId session, string idempotencyKey,
        IReadOnlyDictionary<QuestionId, IReadOnlyList<OptionId>> answers, BallotChannel channel, CancellationToken cancellationToken)
    {
        if (idempotencyKey.Length is < 16 or > 128)
        {
            return new CastOutcome.Refused("idempotency-key-missing", StatusCodes.Status400BadRequest);
        }

        KnownPaper? known;
        try
        {
            known = await papers.GetAsync(session, cancellationToken);
        }
        catch (Exception failure) when (failure is DbException or InvalidOperationException { InnerException: DbException })
        {
            return new CastOutcome.Busy();
        }

        if (known is null || (dialogue is { } required && known.DialogueId != required))
        {
            return new CastOutcome.Refused("no-such-session", StatusCodes.Status404NotFound);
        }

        if (known.Paper.TryWrite(answers, out string written) is { } problem)
        {
            return new CastOutcome.Refused(problem, StatusCodes.Status422UnprocessableEntity);
        }

        byte[] key = Encoding.UTF8.GetBytes(code);
        byte[] hash = SHA256.HashData(key);
        Task<BallotResult>? writing = writer.Write(new BallotSubmission(
            known.DialogueId,
            session,
            hash,
            HMACSHA256.HashData(key, (byte[])[.. "ballot"u8, .. session.Value.ToByteArray()]),
            SHA256.HashData((byte[])[.. hash, .. session.Value.ToByteArray(), .. Encoding.UTF8.GetBytes(idempotencyKey)]),
            HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(written)),
            written,
            channel,
            PairOf(key, known.Pairing, channel)));
        if (writing is null)
        {
            return new CastOutcome.Busy();
        }

        BallotResult result;
        try
        {
            result = await writing.WaitAsync(cancellationToken);
        }
        catch (BallotStoreException)
        {
            return new CastOutcome.Busy();
        }

        return result.Verdict switch
        {
            BallotVerdict.Stored or BallotVerdict.Repeated => new CastOutcome.Stored(result.Receipt),
            BallotVerdict.KeyReused => new CastOutcome.Refused("idempotency-key-reused", StatusCodes.Status422UnprocessableEntity),
            BallotVerdict.NoCredential => new CastOutcome.Refused("link-not-valid", StatusCodes.Status401Unauthorized),
            BallotVerdict.NotOpen => new CastOutcome.Refused("ballot-not-open", StatusCodes.Status409Conflict),
            BallotVerdict.OtherChannel => new CastOutcome.Refused("voted-otherwise", StatusCodes.Status409Conflict),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Joins what one person answers to the same questions twice. A turn on a tablet has a code of its own each time, by which nothing can be joined.</summary>
    private static byte[]? PairOf(byte[] code, SessionId? pairing, BallotChannel channel) =>
        pairing is { } first && channel == BallotChannel.Phone ? HMACSHA256.HashData(code, (byte[])[.. "pair"u8, .. first.Value.ToByteArray()]) : null;
}

/// <summary>What became of a ballot, for either door.</summary>
public abstract record CastOutcome
{
    private CastOutcome()
    {
    }

    public sealed record Stored(string Receipt) : CastOutcome;

    public sealed record Refused(string Code, int Status) : CastOutcome;

    /// <summary>The queue is full or the disk failed: nothing was stored, try again.</summary>
    public sealed record Busy : CastOutcome;
}

/// <summary>The questions of sessions whose ballot is open, kept for a moment: questions do not change while a ballot is open.</summary>
public sealed class BallotPapers(IServiceScopeFactory scopes, TimeProvider clock)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<SessionId, (long At, Task<KnownPaper?> Paper)> known = new();

    /// <summary>The paper of a session; null when there is none. Many wait for one reading: it goes on when one of them leaves, and a failed one is not kept.</summary>
    public async Task<KnownPaper?> GetAsync(SessionId session, CancellationToken cancellationToken)
    {
        if (!known.TryGetValue(session, out (long At, Task<KnownPaper?> Paper) kept) || clock.GetElapsedTime(kept.At) >= KeptFor || kept.Paper.IsFaulted)
        {
            if (known.Count > 10_000)
            {
                known.Clear();
            }

            kept = (clock.GetTimestamp(), LoadAsync(session));
            known[session] = kept;
        }

        return await kept.Paper.WaitAsync(cancellationToken);
    }

    public static BallotPaper PaperOf(IEnumerable<Question> questions) => new([.. questions.OrderBy(question => question.Position).Select(question =>
        new BallotQuestion(question.Id, question.Kind, [.. question.Options.OrderBy(option => option.Position).Select(option => option.Id)], question.MaxChoices))]);

    private async Task<KnownPaper?> LoadAsync(SessionId session)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        Db db = scope.ServiceProvider.GetRequiredService<Db>();
        Session? found = await db.Sessions.AsNoTracking().Include(s => s.Questions).ThenInclude(question => question.Options).SingleOrDefaultAsync(s => s.Id == session, CancellationToken.None);
        return found is null ? null : new(found.DialogueId, PaperOf(found.Questions), found.Pairing);
    }
}

public sealed record KnownPaper(DialogueId DialogueId, BallotPaper Paper, SessionId? Pairing);
