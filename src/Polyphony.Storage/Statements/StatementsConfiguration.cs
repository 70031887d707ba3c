using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Polyphony.Storage.Mandates;

namespace Polyphony.Storage.Statements;

internal sealed class StatementsConfiguration
    : IEntityTypeConfiguration<StatementVote>, IEntityTypeConfiguration<Statement>, IEntityTypeConfiguration<StatementBallot>, IEntityTypeConfiguration<StatementParticipation>, IEntityTypeConfiguration<StatementViews>,
        IEntityTypeConfiguration<StatementLanguageSum>, IEntityTypeConfiguration<RoutingSum>
{
    public void Configure(EntityTypeBuilder<StatementVote> builder)
    {
        builder.HasKey(vote => vote.DialogueId);
        builder.Property(vote => vote.Version).IsConcurrencyToken();
        builder.HasOne<Dialogue>().WithOne().HasForeignKey<StatementVote>(vote => vote.DialogueId);
    }

    public void Configure(EntityTypeBuilder<Statement> builder)
    {
        builder.HasIndex(statement => new { statement.DialogueId, statement.State });
        builder.HasOne<Dialogue>().WithMany().HasForeignKey(statement => statement.DialogueId);
    }

    public void Configure(EntityTypeBuilder<StatementBallot> builder)
    {
        builder.HasKey(ballot => new { ballot.DialogueId, ballot.Voter, ballot.StatementId });
        builder.HasOne<Statement>().WithMany().HasForeignKey(ballot => ballot.StatementId);
    }

    public void Configure(EntityTypeBuilder<StatementParticipation> builder) => builder.HasKey(participation => new { participation.DialogueId, participation.ParticipantId });

    public void Configure(EntityTypeBuilder<StatementViews> builder)
    {
        builder.HasKey(views => new { views.DialogueId, views.StatementId, views.SiteId });
        builder.HasOne<Statement>().WithMany().HasForeignKey(views => views.StatementId);
    }

    public void Configure(EntityTypeBuilder<StatementLanguageSum> builder)
    {
        builder.HasKey(sum => new { sum.DialogueId, sum.StatementId, sum.Language });
        builder.HasOne<Statement>().WithMany().HasForeignKey(sum => sum.StatementId);
    }

    public void Configure(EntityTypeBuilder<RoutingSum> builder)
    {
        builder.HasKey(sum => new { sum.DialogueId, sum.Run });
        builder.HasOne<Dialogue>().WithMany().HasForeignKey(sum => sum.DialogueId);
    }
}
