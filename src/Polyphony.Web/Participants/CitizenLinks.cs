using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Ballots;
using Polyphony.Web.Audiences;
using Polyphony.Web.Hosting;

namespace Polyphony.Web.Participants;

/// <summary>Issues personal links and finds their holders.</summary>
public sealed class CitizenLinks(Db db, TimeProvider clock) : ICitizenLinks
{
    public async Task<ParticipantId?> FindAsync(string code, CancellationToken cancellationToken)
    {
        byte[] hash = LinkCode.Hash(code);
        ParticipantId found = await db.Credentials.Where(credential => credential.Hash == hash && credential.RevokedAt == null)
            .Select(credential => credential.ParticipantId).SingleOrDefaultAsync(cancellationToken);
        return found == default ? null : found;
    }

    public async Task<string> IssueAsync(DialogueId dialogue, ParticipantId participant, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        foreach (Credential old in await db.Credentials.Where(credential => credential.ParticipantId == participant && credential.RevokedAt == null).ToListAsync(cancellationToken))
        {
            old.RevokedAt = now;
        }

        string code = LinkCode.Create();
        db.Credentials.Add(new Credential { Hash = LinkCode.Hash(code), DialogueId = dialogue, ParticipantId = participant, IssuedAt = now });
        return code;
    }
}
