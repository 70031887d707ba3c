using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Statements;

namespace Polyphony.Web.Statements;

/// <summary>Takes votes on statements from either door, and statements that citizens write. A vote carries the mark that only the link makes, and no name.</summary>
public sealed class StatementDesk(Db db)
{
    /// <summary>How many statements one person may write.</summary>
    public const int MostOwn = 10;

    /// <summary>How long a statement may be: short enough to be one thought.</summary>
    public const int MostLetters = 280;

    /// <summary>The voter's mark: an HMAC of the vote under the link code, which the server does not keep.</summary>
    public static byte[] MarkOf(string code, DialogueId dialogue) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(code), (byte[])[.. "statements"u8, .. dialogue.Value.ToByteArray()]);

    /// <summary>Stores votes; the last one on a statement takes the place of the one before.</summary>
    /// <returns>Null when all are stored, else the code of what is wrong; then none is.</returns>
    public async Task<string?> CastAsync(DialogueId dialogue, ParticipantId participant, string code, IReadOnlyList<(StatementId Statement, StatementChoice Choice)> votes, CancellationToken cancellationToken)
    {
        byte[] mark = MarkOf(code, dialogue);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        (string? problem, List<string> languages) = await BeginAsync(dialogue, participant, mark, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        List<StatementId> asked = [.. votes.Select(vote => vote.Statement).Distinct()];
        if (await db.Statements.CountAsync(statement => statement.DialogueId == dialogue && statement.State == StatementState.Accepted && asked.Contains(statement.Id), cancellationToken) != asked.Count)
        {
            return "unknown-statement";
        }

        // Counters are taken in one order, so that two tables that send at once do not wait for each other.
        Dictionary<StatementId, StatementChoice> before = await OwnAsync(dialogue, mark, cancellationToken);
        Dictionary<StatementId, StatementChoice> now = votes.GroupBy(vote => vote.Statement).ToDictionary(group => group.Key, group => group.Last().Choice);
        SiteId site = await db.Participants.Where(person => person.Id == participant).Select(person => person.SiteId).SingleAsync(cancellationToken);
        string language = languages.Count == 0 ? "" : await StatementLanguages.OfAsync(db, dialogue, participant, languages, cancellationToken);
        foreach ((StatementId statement, StatementChoice choice) in now.Where(vote => !before.TryGetValue(vote.Key, out StatementChoice said) || said != vote.Value).OrderBy(vote => vote.Key.Value))
        {
            // Whoever votes anew on it comes to nothing new, and no longer says what they said.
            StatementChoice? said = before.TryGetValue(statement, out StatementChoice earlier) ? earlier : null;
            int views = said is null ? 1 : 0, agrees = Says(choice, StatementChoice.Agree) - Says(said, StatementChoice.Agree), disagrees = Says(choice, StatementChoice.Disagree) - Says(said, StatementChoice.Disagree);
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "StatementViews" ("DialogueId", "StatementId", "SiteId", "Views", "Agrees", "Disagrees") VALUES ({dialogue.Value}, {statement.Value}, {site.Value}, {views}, {agrees}, {disagrees})
                ON CONFLICT ("DialogueId", "StatementId", "SiteId") DO UPDATE SET "Views" = "StatementViews"."Views" + {views}, "Agrees" = "StatementViews"."Agrees" + {agrees}, "Disagrees" = "StatementViews"."Disagrees" + {disagrees}
                """,
                cancellationToken);
            if (languages.Count > 0)
            {
                await db.Database.ExecuteSqlAsync(
                    $"""
                    INSERT INTO "StatementLanguageSums" ("DialogueId", "StatementId", "Language", "Views", "Agrees", "Disagrees") VALUES ({dialogue.Value}, {statement.Value}, {language}, {views}, {agrees}, {disagrees})
                    ON CONFLICT ("DialogueId", "StatementId", "Language") DO UPDATE SET "Views" = "StatementLanguageSums"."Views" + {views}, "Agrees" = "StatementLanguageSums"."Agrees" + {agrees}, "Disagrees" = "StatementLanguageSums"."Disagrees" + {disagrees}
                    """,
                    cancellationToken);
            }
        }

        foreach ((StatementId statement, StatementChoice choice) in votes)
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "StatementBallots" ("DialogueId", "Voter", "StatementId", "Choice") VALUES ({dialogue.Value}, {mark}, {statement.Value}, {(int)choice})
                ON CONFLICT ("DialogueId", "Voter", "StatementId") DO UPDATE SET "Choice" = excluded."Choice"
                """,
                cancellationToken);
        }

        await db.Database.ExecuteSqlAsync($"""INSERT INTO "StatementParticipations" ("DialogueId", "ParticipantId", "Language") VALUES ({dialogue.Value}, {participant.Value}, {language}) ON CONFLICT DO NOTHING""", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Takes a statement that somebody wrote; it waits until the organisers have looked at it.</summary>
    /// <returns>Null when it is stored, else the code of what is wrong.</returns>
    public async Task<string?> WriteAsync(DialogueId dialogue, ParticipantId participant, string code, string language, string text, CancellationToken cancellationToken)
    {
        string words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (words.Length is < 8 or > MostLetters)
        {
            return words.Length < 8 ? "too-short" : "too-long";
        }

        byte[] mark = MarkOf(code, dialogue);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if ((await BeginAsync(dialogue, participant, mark, cancellationToken)).Problem is { } problem)
        {
            return problem;
        }

        if (!await db.StatementVotes.AnyAsync(vote => vote.DialogueId == dialogue && vote.TakesStatements, cancellationToken))
        {
            return "takes-none";
        }

        if (await db.Statements.CountAsync(statement => statement.DialogueId == dialogue && statement.Author == mark, cancellationToken) >= MostOwn)
        {
            return "enough";
        }

        db.Statements.Add(new Statement { Id = new(new Guid(RandomNumberGenerator.GetBytes(16))), DialogueId = dialogue, Text = LocalizedText.Of((language, words)), Language = language, Author = mark });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>The votes of the holder of a code.</summary>
    public Task<Dictionary<StatementId, StatementChoice>> OwnAsync(DialogueId dialogue, byte[] mark, CancellationToken cancellationToken) =>
        db.StatementBallots.AsNoTracking().Where(ballot => ballot.DialogueId == dialogue && ballot.Voter == mark).ToDictionaryAsync(ballot => ballot.StatementId, ballot => ballot.Choice, cancellationToken);

    private static int Says(StatementChoice? choice, StatementChoice what) => choice == what ? 1 : 0;

    /// <summary>Holds the vote open until the transaction ends, and looks whether this person may vote under this mark.</summary>
    private async Task<(string? Problem, List<string> Languages)> BeginAsync(DialogueId dialogue, ParticipantId participant, byte[] mark, CancellationToken cancellationToken)
    {
        // On SQLite there is one writer at a time; on PostgreSQL closing waits for this lock, and this waits for closing.
        FormattableString held = db.Database.IsSqlite()
            ? (FormattableString)$"""SELECT * FROM "StatementVotes" WHERE "DialogueId" = {dialogue.Value}"""
            : $"""SELECT * FROM "StatementVotes" WHERE "DialogueId" = {dialogue.Value} FOR SHARE""";
        if ((await db.StatementVotes.FromSql(held).AsNoTracking().ToListAsync(cancellationToken)) is not [{ State: BallotState.Open } vote])
        {
            return ("not-open", []);
        }

        if (!await db.Participants.AnyAsync(person => person.Id == participant && person.DialogueId == dialogue && person.Status == ParticipantStatus.Confirmed, cancellationToken))
        {
            return ("not-confirmed", []);
        }

        // Whoever got a new link after voting cannot be found by it, and must not vote a second time.
        bool hasNewLink = await db.StatementParticipations.AnyAsync(took => took.DialogueId == dialogue && took.ParticipantId == participant, cancellationToken)
            && !await db.StatementBallots.AnyAsync(ballot => ballot.DialogueId == dialogue && ballot.Voter == mark, cancellationToken);
        return (hasNewLink ? "new-link" : null, vote.Languages);
    }
}
