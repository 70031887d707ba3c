using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;

namespace Polyphony.Storage.Ballots;

internal sealed class BallotsConfiguration
    : IEntityTypeConfiguration<Credential>, IEntityTypeConfiguration<Participation>, IEntityTypeConfiguration<Ballot>,
      IEntityTypeConfiguration<BallotReceipt>, IEntityTypeConfiguration<SessionCount>, IEntityTypeConfiguration<PaperTally>, IEntityTypeConfiguration<TabletTurn>,
      IEntityTypeConfiguration<PairCount>
{
    public void Configure(EntityTypeBuilder<Credential> builder)
    {
        builder.HasKey(credential => credential.Hash);
        builder.HasIndex(credential => credential.ParticipantId);
        builder.HasOne<Participant>().WithMany().HasForeignKey(credential => credential.ParticipantId);
    }

    public void Configure(EntityTypeBuilder<Participation> builder)
    {
        builder.HasKey(participation => new { participation.SessionId, participation.ParticipantId });
        builder.HasOne<Session>().WithMany().HasForeignKey(participation => participation.SessionId);
    }

    public void Configure(EntityTypeBuilder<Ballot> builder)
    {
        builder.HasKey(ballot => ballot.Key);
        builder.HasIndex(ballot => ballot.Locator).IsUnique();
        builder.HasIndex(ballot => new { ballot.SessionId, ballot.SiteId });
    }

    public void Configure(EntityTypeBuilder<BallotReceipt> builder)
    {
        builder.HasKey(receipt => receipt.Key);
        builder.HasIndex(receipt => new { receipt.SessionId, receipt.SiteId });
    }

    public void Configure(EntityTypeBuilder<SessionCount> builder)
    {
        builder.HasKey(count => new { count.SessionId, count.SiteId });
        builder.HasOne<Session>().WithMany().HasForeignKey(count => count.SessionId);
        builder.HasOne<Site>().WithMany().HasForeignKey(count => new { count.DialogueId, count.SiteId }).HasPrincipalKey(site => new { site.DialogueId, site.Id }).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<PairCount> builder)
    {
        builder.HasKey(count => new { count.SessionId, count.SiteId });
        builder.HasOne<Session>().WithMany().HasForeignKey(count => count.SessionId);
        builder.HasOne<Site>().WithMany().HasForeignKey(count => new { count.DialogueId, count.SiteId }).HasPrincipalKey(site => new { site.DialogueId, site.Id }).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<PaperTally> builder)
    {
        builder.HasKey(tally => new { tally.SessionId, tally.Table, tally.Entry });
        builder.HasOne<Site>().WithMany().HasForeignKey(tally => new { tally.DialogueId, tally.SiteId }).HasPrincipalKey(site => new { site.DialogueId, site.Id }).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<TabletTurn> builder)
    {
        builder.HasKey(turn => turn.CodeHash);
        builder.HasIndex(turn => new { turn.SessionId, turn.ParticipantId });
    }
}
