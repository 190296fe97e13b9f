import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('platform', '0001_ground'),
    ]

    operations = [
        migrations.CreateModel(
            name='Deployment',
            fields=[
                ('id', models.UUIDField(default=uuid.UUID('00000000-0000-7000-8000-000000000001'), editable=False, primary_key=True, serialize=False)),
                ('is_sample', models.BooleanField()),
                ('seed', models.BigIntegerField(null=True)),
                ('sample_on', models.DateField(null=True)),
                ('residents', models.PositiveIntegerField(null=True)),
                ('communities', models.PositiveSmallIntegerField(null=True)),
                ('logins', models.JSONField(default=list)),
                ('district_id', models.UUIDField(null=True)),
                ('created_at', models.DateTimeField()),
                ('ready_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', uuid.UUID('00000000-0000-7000-8000-000000000001'))), name='platform_deployment_is_one'), models.CheckConstraint(condition=models.Q(('is_sample', False), models.Q(('residents__isnull', False), ('sample_on__isnull', False), ('seed__isnull', False)), _connector='OR'), name='platform_deployment_sample_is_told')],
            },
        ),
    ]
